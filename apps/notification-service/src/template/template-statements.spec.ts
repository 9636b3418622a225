import { Database } from '@rekey/messaging';
import { aDatabase } from '@rekey/test-kit';
import { AddTemplateAuthors1765043000001 } from './add-template-authors.ts';
import type { CompiledTemplate } from './compile-template.ts';
import { CreateMailTemplates1764216000000 } from './create-mail-templates.ts';
import { forgetOldVersions, insertVersion, ownTemplates } from './template-statements.ts';

const tenant = 'carbon.super';
const by = 'admin@carbon.super';
const saved = (subject: string) => ({ source: { id: 'en_US', contentType: 'text/html', subject, body: 'x', footer: '' }, compiled: { subject } as unknown as CompiledTemplate }); // stored and read back, never filled

let test: Awaited<ReturnType<typeof aDatabase>>;
let database: Database;
beforeAll(async () => {
  test = await aDatabase();
  database = await Database.open({ ...test.settings, poolSize: 2, ssl: false }, [CreateMailTemplates1764216000000, AddTemplateAuthors1765043000001]);
});
afterAll(async () => {
  await database.close();
  await test.drop();
});
beforeEach(() => database.query('TRUNCATE mail_template'));

const rows = () => database.query<{ type: string; version: number }>('SELECT type, version FROM mail_template ORDER BY type, version');

describe('what a tenant’s templates were before', () => {
  it('is forgotten beyond a bound, the oldest first; what counts stays', async () => {
    for (const [type, subject] of [['a', '1'], ['a', '2'], ['b', '1'], ['a', '3']] as const) await insertVersion(database, { tenantDomain: tenant, type, locale: 'en_US' }, saved(subject), by);
    await forgetOldVersions(database, tenant, 1);
    expect(await rows()).toEqual([{ type: 'a', version: 2 }, { type: 'a', version: 3 }, { type: 'b', version: 1 }]);
  });

  it('never comes to count again', async () => {
    for (const template of [saved('1'), saved('2'), null]) await insertVersion(database, { tenantDomain: tenant, type: 'gone', locale: 'en_US' }, template, by);
    for (const kept of [2, 1, 0]) {
      await forgetOldVersions(database, tenant, kept);
      expect([kept, (await rows()).length, (await ownTemplates(database, tenant, 'gone')).size]).toEqual([kept, kept, 0]);
    }
  });

  it('is each tenant’s own', async () => {
    for (const domain of [tenant, 'other.example']) for (const subject of ['1', '2']) await insertVersion(database, { tenantDomain: domain, type: 'a', locale: 'en_US' }, saved(subject), by);
    await forgetOldVersions(database, tenant, 0);
    expect(await rows()).toHaveLength(3);
  });
});
