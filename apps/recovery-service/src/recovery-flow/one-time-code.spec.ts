import { createHash } from 'node:crypto';
import { ServiceUnderTest } from '../testing/service-under-test.ts';
import { bodyOf, outcomeOf, started, Steps } from './testing/steps.ts';

const good = 'a password nobody has guessed';
const withCodes = '[identity_mgt.password_reset_email.otp]\nsend_otp_in_email = true\n';

let service: ServiceUnderTest;
let v1: Steps;
let v2: Steps;
beforeAll(async () => {
  service = await ServiceUnderTest.start(withCodes);
  [v1, v2] = [new Steps(service, 'v1'), new Steps(service, 'v2')];
});
afterAll(() => service.stop());

/** Not the code, and of its shape. */
const wrong = (code: string): string => code.replace(/./, (first) => (first === 'A' ? 'B' : 'A'));
const afterCooldown = async () => void (await service.database.query(`UPDATE recovery SET issued_at = issued_at - interval '61 seconds'`));

describe('a code in the mail of version 2', () => {
  it('is as long as deployment.toml says, and of the characters that it says', async () => {
    await service.aUser('shaped');
    await v2.toMail('shaped');
    expect(await service.keyOf('shaped')).toMatch(/^[A-Za-z0-9]{6}$/);
    expect(service.eventsOf('PasswordRecoveryRequested', 'shaped')[0]?.data).toMatchObject({ secretKind: 'code', templateType: 'passwordresetotp' });
    await service.reconfigure(`${withCodes}otp_length = 10\nuse_uppercase_in_otp = false\nuse_lowercase_in_otp = false\n`);
    await service.aUser('digits');
    await v2.toMail('digits');
    await service.reconfigure(withCodes);
    expect(await service.keyOf('digits')).toMatch(/^\d{10}$/);
  });

  it('leads with the flow confirmation code to the new password, and is sent again as it was', async () => {
    await service.aUser('whole');
    const { flowConfirmationCode, resendCode } = await v2.toMail('whole');
    const code = await service.keyOf('whole');
    expect((await v2.resend(resendCode)).status).toBe(202);
    expect(await service.keyOf('whole', 2)).toBe(code);
    expect(service.eventsOf('PasswordRecoveryRequested', 'whole')[1]?.data).toMatchObject({ secretKind: 'code', templateType: 'passwordresetotp' });
    const { resetCode } = bodyOf(await v2.confirm(flowConfirmationCode, code));
    expect(outcomeOf(await v2.reset(resetCode, 'short', flowConfirmationCode))).toEqual([412, 'PWR-10006']);
    expect((await v2.reset(resetCode, good, flowConfirmationCode)).status).toBe(200);
    expect(await service.mayGo('whole', good)).toBe(true);
  });

  it('is right once: of two at once one is confirmed', async () => {
    await service.aUser('twice');
    const { flowConfirmationCode } = await v2.toMail('twice');
    const code = await service.keyOf('twice');
    const answers = await Promise.all(Array.from({ length: 10 }, () => v2.confirm(flowConfirmationCode, code)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status !== 200).map(outcomeOf)).toEqual(Array.from({ length: 9 }, () => [406, 'UAR-10015']));
  });

  it('dies with the third wrong guess, be they one after another or fifty at once (S24)', async () => {
    for (const [name, guesses] of [['guessed', 3], ['stormed', 50]] as const) {
      await service.aUser(name);
      const { flowConfirmationCode } = await v2.toMail(name);
      const code = await service.keyOf(name);
      const answers = name === 'guessed' ? [] : await Promise.all(Array.from({ length: guesses }, () => v2.confirm(flowConfirmationCode, wrong(code))));
      for (let guess = answers.length; guess < guesses; guess++) answers.push(await v2.confirm(flowConfirmationCode, wrong(code)));
      expect(answers.map(outcomeOf).filter(([, said]) => said === 'UAR-10001')).toHaveLength(2);
      expect(answers.map(outcomeOf).filter(([, said]) => said === 'UAR-10015')).toHaveLength(guesses - 2);
      expect(outcomeOf(await v2.confirm(flowConfirmationCode, code))).toEqual([406, 'UAR-10015']);
    }
  });

  it('is guessed ten times an hour for one account, over however many flows; then a link is mailed in its place, for nobody as for anybody (S24, S11, S1)', async () => {
    await service.aUser('many', { password: good });
    const kinds: unknown[] = [];
    for (const name of ['many', 'many-of-nobody']) {
      for (let flow = 1; flow <= 4; flow++) {
        const { flowConfirmationCode } = await v2.toMail(name);
        for (let guess = 0; guess < 3; guess++) await v2.confirm(flowConfirmationCode, 'A');
        await afterCooldown();
      }
      await v2.toMail(name);
      kinds.push(...(await service.database.query(`SELECT hourly_wrong_codes AS wrong, secret_kind AS kind, generation FROM recovery ORDER BY issued_at DESC LIMIT 1`)));
    }
    expect(kinds).toEqual([{ wrong: 10, kind: 'key', generation: 5 }, { wrong: 10, kind: 'key', generation: 5 }]);
    expect(await service.mayGo('many', good)).toBe(true);
    const key = await service.keyOf('many', 5);
    expect((await v2.confirm(key)).status).toBe(200);
    expect((await service.setPassword(key, 'another password, as good as that')).status).toBe(200);
  });

  it('outlives the tries of another flow that came upon it: a stranger’s guesses do not end it (S11)', async () => {
    await service.aUser('shared');
    const [mine, strangers] = [await v2.toMail('shared'), await v2.toMail('shared')];
    const code = await service.keyOf('shared');
    const answers = [];
    for (let guess = 0; guess < 4; guess++) answers.push(outcomeOf(await v2.confirm(strangers.flowConfirmationCode, wrong(code))));
    expect(answers).toEqual([[406, 'UAR-10001'], [406, 'UAR-10001'], [406, 'UAR-10015'], [406, 'UAR-10015']]);
    expect(outcomeOf(await v2.confirm(strangers.flowConfirmationCode, code))).toEqual([406, 'UAR-10015']);
    expect((await v2.resend(mine.resendCode)).status).toBe(202);
    expect((await v2.confirm(mine.flowConfirmationCode, code)).status).toBe(200);
    expect(service.eventsOf('PasswordRecoveryRequested', 'shared')).toHaveLength(2);
  });

  it('gives way to another, at once, where it has died or done its work', async () => {
    await service.aUser('anew');
    const dead = await v2.toMail('anew');
    const first = await service.keyOf('anew');
    for (let guess = 0; guess < 3; guess++) await v2.confirm(dead.flowConfirmationCode, wrong(first));
    const lost = await v2.toMail('anew');
    expect((await v2.confirm(lost.flowConfirmationCode, await service.keyOf('anew', 2))).status).toBe(200);
    const { flowConfirmationCode } = await v2.toMail('anew');
    const { resetCode } = bodyOf(await v2.confirm(flowConfirmationCode, await service.keyOf('anew', 3)));
    expect((await v2.reset(resetCode, good, flowConfirmationCode)).status).toBe(200);
  });

  it('is none of another flow, nor anywhere that takes keys (S17, S27)', async () => {
    for (const name of ['mine', 'theirs']) await service.aUser(name);
    const [mine, theirs] = [await v2.toMail('mine'), await v2.toMail('theirs')];
    const [code, theirCode] = [await service.keyOf('mine'), await service.keyOf('theirs')];
    expect(outcomeOf(await v2.confirm(mine.flowConfirmationCode, theirCode))).toEqual([406, 'UAR-10001']);
    expect(outcomeOf(await v2.confirm(code))).toEqual([406, 'UAR-10001']);
    expect(outcomeOf(await v1.confirm(code))).toEqual([406, 'UAR-10001']);
    expect(outcomeOf(await service.setPassword(code, good))).toEqual([400, '18001']);
    for (const flowCode of [mine.recoveryCode, mine.resendCode, 'A'.repeat(43)]) expect(outcomeOf(await v2.confirm(flowCode, code))).toEqual([404, 'UAR-10008']);
    const { resetCode } = bodyOf(await v2.confirm(mine.flowConfirmationCode, code));
    expect(outcomeOf(await v2.reset(resetCode, good, theirs.flowConfirmationCode))).toEqual([406, 'UAR-10001']);
    expect(outcomeOf(await v1.reset(resetCode, good))).toEqual([406, 'UAR-10001']);
    expect((await v2.reset(resetCode, good, mine.flowConfirmationCode)).status).toBe(200);
  });

  it('is text, and nothing else (S23)', async () => {
    await service.aUser('typed');
    const { flowConfirmationCode } = await v2.toMail('typed');
    for (const otp of ['', [], {}, true, 0, 1e300, { $ne: 1 }, 'x'.repeat(65), 'nul\0']) expect(outcomeOf(await v2.confirm(flowConfirmationCode, otp))).toEqual([400, 'RKY-10001']);
    expect((await v2.confirm(flowConfirmationCode, await service.keyOf('typed'))).status).toBe(200);
  });

  it('is guessed in vain for a name that nobody has, with the same answers', async () => {
    await service.aUser('guessable');
    const answersFor = async (name: string) => {
      const { flowConfirmationCode } = await v2.toMail(name);
      const answers = [];
      for (let guess = 0; guess < 4; guess++) answers.push({ ...bodyOf(await v2.confirm(flowConfirmationCode, 'wi8Ivm')), traceId: '' });
      return answers;
    };
    expect(await answersFor('guessable')).toEqual(await answersFor('unguessable'));
  });

  it('is not stored, nor anything that it could be tried against without the service’s secret (S16)', async () => {
    await service.aUser('stored');
    await v2.toMail('stored');
    const code = await service.keyOf('stored');
    const [row] = await service.database.query<{ hash: string; text: string }>(`SELECT encode(key_hash, 'hex') AS hash, r::text AS text FROM recovery AS r WHERE user_id = (SELECT id FROM user_account WHERE username = 'stored')`);
    expect(row?.hash).not.toBe(createHash('sha256').update(code).digest('hex'));
    expect(row?.text).not.toContain(`"${code}"`);
  });
});

describe('where codes are mailed', () => {
  it('version 1, My Account and the older APIs go on with links: they have no place for a code', async () => {
    await service.aUser('links');
    await v1.toMail('links');
    expect((await v1.confirm(await service.keyOf('links'))).status).toBe(200);
    await service.aUser('links-of-pages');
    await service.ask('/api/rekey/v1/recovery', { as: null, body: { username: 'links-of-pages' } });
    expect(await service.keyOf('links-of-pages')).toMatch(/^[\w-]{43}$/);
    const [{ data } = { data: null }] = service.eventsOf('PasswordRecoveryRequested', 'links-of-pages');
    expect(data).not.toHaveProperty('secretKind');
  });

  it.each([['', 'link'], ['/resend', 'link once more']])('a code that was mailed a moment ago stays, whoever asks My Account%s for a %s; afterwards only the newest works (S11, S20)', async (door, what) => {
    const name = await service.aUser(`changing-${what.length}`);
    const askMyAccount = () => service.ask(`/api/rekey/v1/recovery${door}`, { as: null, body: { username: name } });
    const first = await v2.toMail(name);
    expect((await askMyAccount()).status).toBe(202);
    expect((await v2.confirm(first.flowConfirmationCode, await service.keyOf(name))).status).toBe(200);

    const second = await v2.toMail(name);
    const code = await service.keyOf(name, 2);
    await afterCooldown();
    await askMyAccount();
    const key = await service.keyOf(name, 3);
    expect(outcomeOf(await v2.confirm(second.flowConfirmationCode, code))).toEqual([406, 'UAR-10015']);

    await v2.toMail(name);
    expect((await v2.confirm(key)).status).toBe(200);
    await afterCooldown();
    const newest = await v2.toMail(name);
    expect((await v2.confirm(newest.flowConfirmationCode, await service.keyOf(name, 4))).status).toBe(200);
    expect(outcomeOf(await service.setPassword(key, good))).toEqual([400, '18001']);
    expect(service.eventsOf('PasswordRecoveryRequested', name)).toHaveLength(4);
  });

  it('whatever knows only links is refused, to everybody alike, where a tenant’s administrators have switched them off', async () => {
    const idOf = (name: string) => Buffer.from(name).toString('base64url');
    const switchLinks = async (value: string) => service.ask(`/api/server/v1/identity-governance/${idOf('Account Management')}/connectors/${idOf('account-recovery')}`, { method: 'PATCH', body: { operation: 'UPDATE', properties: [{ name: 'Recovery.Notification.Password.emailLink.Enable', value }] } });
    const properties = [{ key: 'RecoveryScenario', value: 'NOTIFICATION_BASED_PW_RECOVERY' }];
    await service.aUser('without-links');
    const begun = started(await v1.init('without-links')).recoveryCode;
    await switchLinks('false');
    for (const username of ['without-links', 'without-anything']) {
      const answers = [
        await service.recover(username),
        await service.ask('/api/rekey/v1/recovery', { as: null, body: { username } }),
        await service.ask('/api/rekey/v1/recovery/resend', { as: null, body: { username } }),
        await service.ask('/api/identity/user/v1.0/resend-code', { body: { user: { username }, properties } }),
        await v1.init(username),
        await v1.recover(begun),
      ];
      expect([username, ...answers.map(outcomeOf)]).toEqual([username, ...Array.from({ length: 4 }, () => [400, '20017']), [403, 'PWR-10004'], [403, 'PWR-10002']]);
    }
    const { flowConfirmationCode } = await v2.toMail('without-links');
    expect((await v2.confirm(flowConfirmationCode, await service.keyOf('without-links'))).status).toBe(200);
    await switchLinks('true');
    expect((await v1.recover(begun)).status).toBe(202);
  });
});
