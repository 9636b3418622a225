import { createHash } from 'node:crypto';
import { ServiceUnderTest, until } from '../testing/service-under-test.ts';
import { bodyOf, outcomeOf, Steps } from './testing/steps.ts';

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

  it('is guessed ten times an hour for one account, over however many flows; a link still works (S24, S11)', async () => {
    await service.aUser('many', { password: good });
    for (let flow = 1; flow <= 6; flow++) {
      const { flowConfirmationCode } = await v2.toMail('many');
      const code = await service.keyOf('many', flow);
      for (let guess = 0; guess < 3; guess++) await v2.confirm(flowConfirmationCode, wrong(code));
      await afterCooldown();
    }
    expect(await service.database.query(`SELECT hourly_wrong_codes AS wrong FROM recovery WHERE user_id = (SELECT id FROM user_account WHERE username = 'many')`)).toEqual([{ wrong: 10 }]);
    const { flowConfirmationCode } = await v2.toMail('many');
    expect(outcomeOf(await v2.confirm(flowConfirmationCode, await service.keyOf('many', 7)))).toEqual([406, 'UAR-10015']);
    expect(await service.mayGo('many', good)).toBe(true);
    await service.recover('many');
    expect((await service.setPassword(await service.keyOf('many', 8), 'another password, as good as that')).status).toBe(200);
  });

  it('shares its guesses between flows that led to the same mail', async () => {
    await service.aUser('shared');
    const [first, second] = [await v2.toMail('shared'), await v2.toMail('shared')];
    const code = await service.keyOf('shared');
    const answers = [];
    for (const { flowConfirmationCode } of [first, second, first]) answers.push(outcomeOf(await v2.confirm(flowConfirmationCode, wrong(code))));
    expect(answers).toEqual([[406, 'UAR-10001'], [406, 'UAR-10001'], [406, 'UAR-10015']]);
    expect(outcomeOf(await v2.confirm(second.flowConfirmationCode, code))).toEqual([406, 'UAR-10015']);
    expect(service.eventsOf('PasswordRecoveryRequested', 'shared')).toHaveLength(1);
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

  it('a person who wants a link instead gets it at once, and the other way round; only the newest works (S20)', async () => {
    await service.aUser('changing');
    const { flowConfirmationCode } = await v2.toMail('changing');
    const code = await service.keyOf('changing');
    await service.ask('/api/rekey/v1/recovery/resend', { as: null, body: { username: 'changing' } });
    const key = await service.keyOf('changing', 2);
    expect(key).toMatch(/^[\w-]{43}$/);
    expect(outcomeOf(await v2.confirm(flowConfirmationCode, code))).toEqual([406, 'UAR-10015']);
    const newest = await v2.toMail('changing');
    await until(() => service.eventsOf('PasswordRecoveryRequested', 'changing').length === 3);
    expect(outcomeOf(await service.setPassword(key, good))).toEqual([400, '18001']);
    expect((await v2.confirm(newest.flowConfirmationCode, await service.keyOf('changing', 3))).status).toBe(200);
  });
});
