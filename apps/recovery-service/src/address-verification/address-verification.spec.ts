import { until } from '@rekey/test-kit';
import { ServiceUnderTest, baseUrl, type ErrorBody } from '../testing/service-under-test.ts';

const password = 'a password nobody has guessed';
const on = '[identity_mgt.user_claim_update.email]\nenable_verification = true\n';
const api = '/api/identity/user/v1.0';
const claim = (name: string): string => `http://wso2.org/claims/${name}`;

let service: ServiceUnderTest;
beforeAll(async () => void (service = await ServiceUnderTest.start(on)));
afterAll(() => service.stop());

interface Person {
  readonly id: string;
  readonly emails?: readonly object[];
}

const person = async (username: string) => (await service.ask(`/scim2/Users?filter=userName+eq+${username}`)).body as { Resources: readonly Person[] };
const idOf = async (username: string) => (await person(username)).Resources[0]?.id ?? '';
const emailsOf = async (username: string) => (await person(username)).Resources[0]?.emails;
const claimOf = async (username: string, name: string) => ((await service.ask(`${api}/pi-info/${await idOf(username)}`)).body as { basic: Record<string, string> }).basic[claim(name)];
const waitingOf = (username: string) => claimOf(username, 'identity/emailaddress.pendingValue');
const replaceEmails = (value: string) => ({ Operations: [{ op: 'replace', path: 'emails', value: [value] }] });
const change = async (username: string, value: string) => service.ask(`/scim2/Users/${await idOf(username)}`, { method: 'PATCH', body: replaceEmails(value) });
const changeMine = (username: string, value: string) => service.ask('/scim2/Me', { method: 'PATCH', as: `${username}:${password}`, body: replaceEmails(value) });
const keyOf = (username: string, nth = 1) => service.keyOf(username, nth, 'AccountConfirmationRequested');
const confirm = async (code: string) => (await service.ask(`${api}/validate-code`, { body: { code } })).status;
const mailsTo = (username: string) => service.eventsOf('AccountConfirmationRequested', username).map(({ data }) => [data.templateType, data.recipient.address]);
const resend = (username: string) => service.ask(`${api}/resend-code`, { body: { user: { username }, properties: [{ key: 'RecoveryScenario', value: 'EMAIL_VERIFICATION_ON_UPDATE' }] } });
const current = (username: string) => [{ value: `${username}@example.com`, primary: true }];

async function aPerson(username: string): Promise<string> {
  return service.aUser(username, { password });
}

describe('a changed mail address', () => {
  it.each([
    ['an administrator', change],
    ['the person', changeMine],
  ])('of %s’s waits until a link that it is mailed is used, and the old one is told', async (by, changeBy) => {
    const username = await aPerson(by.replace('the ', '').replace('an ', ''));
    expect((await changeBy(username, 'new@example.com')).body).toMatchObject({ emails: current(username) });
    expect(await waitingOf(username)).toBe('new@example.com');
    expect((await person(username)).Resources).toMatchObject([{ 'urn:scim:wso2:schema': { pendingEmails: [{ value: 'new@example.com' }] } }]);
    const key = await keyOf(username);
    expect(service.eventsOf('AccountConfirmationRequested', username)[0]?.data).toMatchObject({ scenario: 'EMAIL_VERIFICATION_ON_UPDATE', templateType: 'verifyEmailOnUpdate', recipient: { address: 'new@example.com' }, linkBase: `${baseUrl}/myaccount/confirm/address` });
    await until(() => service.eventsOf('AccountChanged', username).length === 1);
    expect(service.eventsOf('AccountChanged', username)[0]?.data).toMatchObject({ change: 'address-requested', templateType: 'notifyOnExistingEmailUpdate', recipient: { address: `${username}@example.com` } });
    expect((await service.ask(`${api}/introspect-code`, { body: { code: key } })).body).toMatchObject({ recoveryScenario: 'EMAIL_VERIFICATION_ON_UPDATE', recoveryStep: 'VERIFY_EMAIL', isExpired: false });
    expect(await confirm(key)).toBe(202);
    expect([await emailsOf(username), await waitingOf(username)]).toEqual([[{ value: 'new@example.com', primary: true }], undefined]);
    expect(await confirm(key)).toBe(400);
  });

  it('gets no link for a new password before it is confirmed; the old one does (S5, S22)', async () => {
    const username = await aPerson('recovering');
    await service.recover(username);
    const before = await service.keyOf(username);
    await change(username, 'eve@evil.test');
    await service.ask('/api/rekey/v1/recovery/resend', { as: null, body: { username } });
    await service.keyOf(username, 2);
    expect(service.eventsOf('PasswordRecoveryRequested', username).map(({ data }) => data.recipient.address)).toEqual([`${username}@example.com`, `${username}@example.com`]);
    expect(await confirm(await keyOf(username))).toBe(202);
    expect((await service.setPassword(before, password)).status).toBe(400);
  });

  it('is confirmed at My Account, by a page of any origin of ours, and signs nobody in (S31)', async () => {
    const username = await aPerson('pressing');
    await changeMine(username, 'pressed@example.com');
    const key = await keyOf(username);
    const press = (path: string) => service.ask(`/api/rekey/v1/${path}/confirm`, { as: null, body: { key } });
    expect((await press('registration')).status).toBe(400);
    const answer = await press('address');
    expect([answer.status, answer.body, answer.headers.get('set-cookie')]).toEqual([200, { username }, null]);
    expect((await press('address')).body).toMatchObject({ code: '18001' });
  });

  it('is confirmed once, however many press at once', async () => {
    const username = await aPerson('racing');
    await change(username, 'raced@example.com');
    const key = await keyOf(username);
    expect((await Promise.all(Array.from({ length: 10 }, () => confirm(key)))).toSorted()).toEqual([202, ...Array.from({ length: 9 }, () => 400)]);
  });

  it('gives way to the next one: only the newest link confirms', async () => {
    const username = await aPerson('twice');
    await change(username, 'first@example.com');
    await change(username, 'second@example.com');
    expect(await confirm(await keyOf(username))).toBe(400);
    expect(await confirm(await keyOf(username, 2))).toBe(202);
    expect(await emailsOf(username)).toEqual([{ value: 'second@example.com', primary: true }]);
  });

  it.each<[what: string, happens: (username: string) => Promise<unknown>]>([
    ['another password', async (username) => service.ask('/api/rekey/v1/recovery', { as: null, body: { username } }).then(async () => service.setPassword(await service.keyOf(username), 'another one nobody has guessed'))],
    ['disabling the account', async (username) => service.ask(`/scim2/Users/${await idOf(username)}`, { method: 'PATCH', body: { Operations: [{ op: 'replace', path: 'active', value: false }] } })],
    ['an administrator’s lock', async (username) => service.ask(`/scim2/Users/${await idOf(username)}`, { method: 'PATCH', body: { Operations: [{ op: 'replace', path: 'urn:scim:wso2:schema:accountLocked', value: true }] } })],
    ['taking the address away', async (username) => service.ask(`/scim2/Users/${await idOf(username)}`, { method: 'PATCH', body: { Operations: [{ op: 'remove', path: 'emails' }] } })],
  ])('waits no longer after %s (S22)', async (what, happens) => {
    const username = await aPerson(`over-${Buffer.from(what).toString('hex').slice(0, 12)}`);
    await change(username, 'over@example.com');
    const key = await keyOf(username);
    await happens(username);
    expect(await confirm(key)).toBe(400);
  });

  it('is asked about again, at the new address, as often as links are; for anybody else nothing is mailed, and the answer is the same', async () => {
    const username = await aPerson('again');
    await change(username, 'again-new@example.com');
    const key = await keyOf(username);
    const answers = [await resend(username), await resend(await aPerson('waits-for-nothing')), await resend('nobody-at-all')];
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`))).toEqual(new Set(['201 ']));
    expect(await keyOf(username, 2)).toBe(key);
    for (let turn = 0; turn < 10; turn++) await resend(username);
    await until(() => mailsTo(username).length >= 6);
    expect(mailsTo(username)).toEqual([['verifyEmailOnUpdate', 'again-new@example.com'], ...Array.from({ length: 5 }, () => ['resendVerifyEmailOnUpdate', 'again-new@example.com'])]);
    expect(mailsTo('waits-for-nothing')).toEqual([]);
  });

  it('is one’s own to confirm by one’s own credentials, and nobody else’s', async () => {
    const [username, other] = [await aPerson('owner'), await aPerson('other')];
    await changeMine(username, 'owned@example.com');
    const code = await keyOf(username);
    const confirmAs = async (name: string) => (await service.ask(`${api}/me/validate-code`, { as: `${name}:${password}`, body: { code } })).status;
    expect([await confirmAs(other), await confirmAs(username), await emailsOf(username)]).toEqual([400, 202, [{ value: 'owned@example.com', primary: true }]]);
  });

  it('keeps the rest of the same change, and waits for nothing where it is the present one', async () => {
    const username = await aPerson('mixed');
    const body = { userName: username, title: 'Engineer', emails: [`${username}@example.com`] };
    await service.ask(`/scim2/Users/${await idOf(username)}`, { method: 'PUT', body });
    expect([mailsTo(username), await waitingOf(username)]).toEqual([[], undefined]);
    const answer = await service.ask(`/scim2/Users/${await idOf(username)}`, { method: 'PUT', body: { ...body, title: 'Manager', emails: ['mixed-new@example.com'] } });
    expect(answer.body).toMatchObject({ title: 'Manager', emails: current(username) });
  });

  it('is not asked about again by changes of anything else, be it the first one', async () => {
    const username = await aPerson('first');
    const patch = async (...Operations: readonly object[]) => service.ask(`/scim2/Users/${await idOf(username)}`, { method: 'PATCH', body: { Operations } });
    await patch({ op: 'remove', path: 'emails' });
    await patch({ op: 'add', path: 'emails[type eq "work"].value', value: 'first-new@example.com' });
    const key = await keyOf(username);
    for (const value of ['Engineer', 'Manager']) expect((await patch({ op: 'replace', path: 'title', value })).status).toBe(200);
    expect(await confirm(key)).toBe(202);
    expect([mailsTo(username).length, await emailsOf(username)]).toEqual([1, [{ value: 'first-new@example.com', type: 'work', primary: true }]]);
  });

  it('counts as verified until another one is in force that is not', async () => {
    const username = await aPerson('verified');
    const isVerified = () => claimOf(username, 'identity/emailVerified');
    await change(username, 'verified-new@example.com');
    await confirm(await keyOf(username));
    expect(await isVerified()).toBe('true');
    await change(username, 'waits-unverified@example.com');
    expect(await isVerified()).toBe('true');
    await service.reconfigure('');
    await change(username, 'unverified@example.com');
    await service.reconfigure(on);
    expect(await isVerified()).toBe('false');
  });

  it('is in force at once where the tenant does not want it verified, and ends what waited', async () => {
    const username = await aPerson('switched');
    await change(username, 'waiting@example.com');
    const key = await keyOf(username);
    await service.reconfigure('');
    await change(username, 'at-once@example.com');
    await service.reconfigure(on);
    expect([await emailsOf(username), await waitingOf(username), await confirm(key)]).toEqual([[{ value: 'at-once@example.com', primary: true }], undefined, 400]);
  });

  it('is not told to the old one where the tenant says so, per tenant and at once', async () => {
    const connector = '/api/server/v1/identity-governance/T3RoZXIgU2V0dGluZ3M/connectors/dXNlci1jbGFpbS11cGRhdGU';
    const notify = (value: string) => service.ask(connector, { method: 'PATCH', body: { operation: 'UPDATE', properties: [{ name: 'UserClaimUpdate.Email.EnableNotification', value }] } });
    expect((await notify('false')).status).toBe(200);
    const username = await aPerson('untold');
    await change(username, 'untold-new@example.com');
    await keyOf(username);
    expect(service.eventsOf('AccountChanged', username)).toEqual([]);
    expect((await notify('true')).status).toBe(200);
  });

  it('mails one address so often as a registration does, whoever gives it', async () => {
    await service.reconfigure(`${on}[rate_limit]\nmails_per_account_per_hour = 2\n`);
    for (const name of ['flood-a', 'flood-b', 'flood-c']) expect((await change(await aPerson(name), 'victim@example.com')).status).toBe(200);
    await service.reconfigure(on);
    await keyOf('flood-b');
    await changeMine(await aPerson('flood-end'), 'end@example.com');
    await keyOf('flood-end');
    expect([mailsTo('flood-a').length, mailsTo('flood-b').length, mailsTo('flood-c').length]).toEqual([1, 1, 0]);
  });

  it('is mailed for one account no oftener than that either, whichever addresses it names, and the old one is told no oftener', async () => {
    await service.reconfigure(`${on}[rate_limit]\nmails_per_account_per_hour = 2\n`);
    const username = await aPerson('naming');
    for (const nth of [1, 2, 3, 4]) expect((await changeMine(username, `stranger-${nth}@example.com`)).status).toBe(200);
    await service.reconfigure(on);
    await change(await aPerson('naming-end'), 'naming-end-new@example.com');
    await keyOf('naming-end');
    await until(() => service.eventsOf('AccountChanged', 'naming-end').length === 1);
    expect([mailsTo(username).map(([, address]) => address), service.eventsOf('AccountChanged', username).length, await waitingOf(username)]).toEqual([['stranger-1@example.com', 'stranger-2@example.com'], 2, 'stranger-4@example.com']);
  });

  it('of a disabled account waits until that is enabled again', async () => {
    const username = await aPerson('away');
    const setActive = async (value: boolean) => service.ask(`/scim2/Users/${await idOf(username)}`, { method: 'PATCH', body: { Operations: [{ op: 'replace', path: 'active', value }] } });
    await setActive(false);
    await change(username, 'back@example.com');
    const key = await keyOf(username);
    expect([await confirm(key), (await service.ask(`${api}/introspect-code`, { body: { code: key } })).status]).toEqual([400, 400]);
    await setActive(true);
    expect([await confirm(key), await emailsOf(username)]).toEqual([202, [{ value: 'back@example.com', primary: true }]]);
  });

  it('is refused by the code as any that is none', async () => {
    for (const code of ['A'.repeat(43), 'x', '\u0000']) expect(((await service.ask(`${api}/validate-code`, { body: { code } })).body as ErrorBody).code).toMatch(/18001|RKY-10001/);
  });
});
