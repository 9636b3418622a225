import { ServiceUnderTest, type Answer, type ErrorBody } from '../testing/service-under-test.ts';

const flags = ['notify_user_existence', 'notify_recovery_email_existence', 'notify_user_account_status'];
const telling = (names: readonly string[]) => `[identity_mgt.recovery]\n${names.map((name) => `${name} = true\n`).join('')}`;

let service: ServiceUnderTest;
beforeAll(async () => {
  service = await ServiceUnderTest.start(telling(flags));
  await service.aUser('told-known');
  await service.aUser('told-without-mail', { emails: [] });
  await service.aUser('told-disabled', { active: false });
  await service.aUser('told-locked', { 'urn:scim:wso2:schema': { accountLocked: true } });
});
afterAll(() => service.stop());

const told = ({ status, body }: Answer) => [status, (body as ErrorBody | null)?.code];

describe('a caller of the recovery API, where notify_user_existence and its like are on', () => {
  it.each([
    ['told-unknown', '18003'],
    ['told-without-mail', '18018'],
    ['told-disabled', '17004'],
    ['told-locked', '17003'],
  ])('is told why %s gets no mail: %s', async (username, code) => {
    expect(told(await service.recover(username))).toEqual([400, code]);
  });

  it('is told nothing of a user who gets one', async () => {
    expect((await service.recover('told-known')).status).toBe(202);
  });

  it('gets no key for whom it may not bring one, and one for a user without an address', async () => {
    for (const [username, code] of [['told-unknown', '18003'], ['told-disabled', '17004'], ['told-locked', '17003']] as const) expect(told(await service.recover(username, 'notify=false'))).toEqual([400, code]);
    expect((await service.recover('told-without-mail', 'notify=false')).text).toMatch(/^[\w-]{43}$/);
  });

  it('is told only what each flag says', async () => {
    const answers = async () => [(await service.recover('told-unknown')).status, (await service.recover('told-without-mail')).status, (await service.recover('told-locked')).status];
    await service.reconfigure(telling(['notify_user_existence']));
    expect(await answers()).toEqual([400, 202, 202]);
    await service.reconfigure(telling([...flags, 'hide_user_existence']));
    expect(await answers()).toEqual([202, 202, 202]);
    await service.reconfigure(telling(flags));
  });
});

describe('a stranger at My Account’s pages', () => {
  it('is told nothing all the same (S1)', async () => {
    const answers: unknown[] = [];
    for (const username of ['told-known', 'told-unknown', 'told-without-mail', 'told-disabled', 'told-locked']) {
      for (const door of ['', '/resend']) {
        const { status, text } = await service.ask(`/api/rekey/v1/recovery${door}`, { as: null, body: { username } });
        answers.push([status, text]);
      }
    }
    expect(answers).toEqual(answers.map(() => [202, '{}']));
  });
});
