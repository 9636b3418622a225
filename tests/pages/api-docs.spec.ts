import type { Page } from 'playwright-core';
import { describePages } from '../testing/in-a-browser.ts';
import { expectToLookRight } from '../testing/looks.ts';

/** Swagger UI's own: a button within a button, the list of servers without a label, headings that skip a level, a landmark for the operations alone, examples that scroll. */
const swaggerUi = ['nested-interactive', 'select-name', 'heading-order', 'region', 'scrollable-region-focusable'];

describePages('the API reference', (pages) => {
  const open = async (address: string): Promise<Page> => {
    const page = await (await pages().visitor()).newPage();
    await page.goto(address);
    return page;
  };

  it('lists the documents, for anyone', async () => {
    const page = await open('/api/docs');
    await page.getByRole('main').getByRole('link', { name: 'Recovery', exact: true }).waitFor();
    await expectToLookRight(page, 'api docs list');
  });

  it('shows the events by topic, with the fields of each', async () => {
    const page = await open('/api/docs/events');
    await page.getByText('Fields of PasswordRecoveryRequested').click();
    await page.getByText('Example of PasswordRecoveryRequested').click();
    await page.getByRole('cell', { name: 'a UUID' }).first().waitFor();
    await expectToLookRight(page, 'api docs events');
  });

  it('shows an API by its operations, each with what it takes and answers, and asks nothing of another server (S36)', async () => {
    const page = await open('/api/docs/recovery-v0.9');
    const operation = page.getByRole('button', { name: /recover-password/ }).first();
    await operation.waitFor();
    await expectToLookRight(page, 'api docs', swaggerUi);
    await operation.click();
    await page.getByText('20017').first().waitFor();
    await expectToLookRight(page, 'api docs operation', swaggerUi);
  });
});
