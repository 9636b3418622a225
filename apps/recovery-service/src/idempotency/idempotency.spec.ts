import { until } from '@rekey/test-kit';
import { ServiceUnderTest, type Answer, type ErrorBody } from '../testing/service-under-test.ts';

const good = 'a password nobody has guessed';
const other = 'another password, as good as that';

let service: ServiceUnderTest;
const toml = '[identity_mgt.password_reset_email]\ncooldown = 0\n';
beforeAll(async () => void (service = await ServiceUnderTest.start(toml)));
afterAll(() => service.stop());

const recovery = '/api/identity/recovery/v0.9';
const recover = (username: string, key: string, more: { query?: string; as?: string; tenant?: string; at?: string } = {}) =>
  service.ask(`${more.tenant ?? ''}${recovery}/recover-password?${more.query ?? 'notify=true'}`, {
    body: { user: { username } },
    headers: { 'idempotency-key': key },
    ...(more.as === undefined ? {} : { as: more.as }),
    ...(more.at === undefined ? {} : { at: more.at }),
  });
const setPassword = (key: string, password: string, idempotencyKey: string) => service.ask(`${recovery}/set-password`, { body: { key, password }, headers: { 'idempotency-key': idempotencyKey } });
const shown = ({ status, text, headers }: Answer) => [status, text, headers.get('content-type')];
const isReplayed = ({ headers }: Answer) => headers.get('idempotent-replayed') === 'true';
const codeOf = ({ status, body }: Answer) => [status, (body as ErrorBody).code];
const mailsTo = async (username: string) => (await service.database.query(`SELECT FROM outbox WHERE convert_from(payload, 'UTF8')::jsonb -> 'user' ->> 'username' = $1`, [username])).length;

describe('a request sent again with its Idempotency-Key', () => {
  it('is answered as it was, and mails nothing more', async () => {
    await service.aUser('once');
    const [first, second] = [await recover('once', 'key-once'), await recover('once', 'key-once')];
    expect([shown(second), isReplayed(first), isReplayed(second)]).toEqual([shown(first), false, true]);
    expect([first.status, await mailsTo('once')]).toEqual([202, 1]);
    await recover('once', 'key-once-more');
    expect(await mailsTo('once')).toBe(2);
  });

  it('gives the same key again to a caller who brings it to the person, with its type', async () => {
    await service.aUser('handed');
    const [first, second] = [await recover('handed', 'key-handed', { query: 'notify=false' }), await recover('handed', 'key-handed', { query: 'notify=false' })];
    expect(shown(second)).toEqual(shown(first));
    expect(first.headers.get('content-type')).toMatch(/^text\/plain/);
    expect((await setPassword(second.text, good, 'key-handed-reset')).status).toBe(200);
  });

  it('tells a client whose answer was lost that the password is set, which without it would hear that the key is dead', async () => {
    await service.aUser('lost');
    const { text: key } = await recover('lost', 'key-lost', { query: 'notify=false' });
    const [first, second] = [await setPassword(key, good, 'key-lost-reset'), await setPassword(key, good, 'key-lost-reset')];
    expect([shown(second), isReplayed(second)]).toEqual([shown(first), true]);
    expect(first.status).toBe(200);
    expect(codeOf(await setPassword(key, good, 'key-lost-another'))).toEqual([400, '18001']);
  });

  it('repeats a refusal with everything it had', async () => {
    await service.aUser('refused');
    const { text: key } = await recover('refused', 'key-refused', { query: 'notify=false' });
    const [first, second] = [await setPassword(key, 'short', 'key-refused-reset'), await setPassword(key, 'short', 'key-refused-reset')];
    const { traceId: _first, ...told } = first.body as ErrorBody;
    const { traceId: _second, ...again } = second.body as ErrorBody;
    expect([second.status, again]).toEqual([412, told]);
    expect(told).toMatchObject({ code: '20035', key });
  });

  it('is done where a setting stood in the way that was mended meanwhile', async () => {
    await service.aUser('mended');
    await service.reconfigure('[identity_mgt.password_reset_email]\nenable_password_reset_email = false\n');
    const refused = await recover('mended', 'key-mended');
    await service.reconfigure(toml);
    expect([codeOf(refused), (await recover('mended', 'key-mended')).status, await mailsTo('mended')]).toEqual([[400, '20017'], 202, 1]);
  });

  it('is honoured at My Account’s doors too', async () => {
    await service.aUser('person');
    const ask = () => service.ask('/api/rekey/v1/recovery', { as: null, body: { username: 'person' }, headers: { 'idempotency-key': 'key-person' } });
    const answers = [await ask(), await ask()];
    expect(answers.map(shown)).toEqual([answers[0], answers[0]].map((answer) => shown(answer as Answer)));
    expect(await mailsTo('person')).toBe(1);
  });

  it('is honoured by the steps of /api/users, with the status that was given', async () => {
    await service.aUser('stepping');
    await service.reconfigure('[identity_mgt.recovery.notification]\nmanage_internally = false\n[identity_mgt.username_recovery.email]\nenable_username_recovery = true\n');
    const step = (call: string, body: object, key: string) => service.ask(`/api/users/v1/recovery/${call}`, { body, headers: { 'idempotency-key': key } });
    const choiceOf = async (what: string, uri: string, value: string) => {
      const [started] = (await step(`${what}/init`, { claims: [{ uri: `http://wso2.org/claims/${uri}`, value }] }, 'key-init')).body as [{ channelInfo: { recoveryCode: string } }];
      return { recoveryCode: started.channelInfo.recoveryCode, channelId: '1' };
    };
    const twice = async (call: string, body: object) => [await step(call, body, `key-${call}`), await step(call, body, `key-${call}`)] as const;
    const recovered = await twice('password/recover', await choiceOf('password', 'username', 'stepping'));
    const { resendCode } = recovered[0].body as { resendCode: string };
    const all = [recovered, await twice('password/resend', { resendCode }), await twice('username/recover', await choiceOf('username', 'emailaddress', 'stepping@example.com'))];
    await service.reconfigure(toml);
    for (const [first, second] of all) expect([first.status, shown(second), isReplayed(second)]).toEqual([200, shown(first), true]);
  });

  it('is honoured where a username is recovered, whether anybody was found or not, and mails it once', async () => {
    await service.aUser('nameless');
    await service.reconfigure(`${toml}[identity_mgt.username_recovery.email]\nenable_username_recovery = true\n`);
    const ask = (name: string) => service.ask(`${recovery}/recover-username`, { body: [{ uri: 'http://wso2.org/claims/emailaddress', value: `${name}@example.com` }], headers: { 'idempotency-key': `key-${name}` } });
    const answers = [await ask('nameless'), await ask('nameless'), await ask('nobody'), await ask('nobody')];
    await service.reconfigure(toml);
    expect(answers.map((answer) => [answer.status, answer.text, isReplayed(answer)])).toEqual([[202, '', false], [202, '', true], [204, '', false], [204, '', true]]);
    expect(await mailsTo('nameless')).toBe(1);
  });

  it('is known to every instance', async () => {
    await service.aUser('elsewhere');
    const another = await service.anotherInstance();
    await recover('elsewhere', 'key-elsewhere');
    expect(isReplayed(await recover('elsewhere', 'key-elsewhere', { at: another.url }))).toBe(true);
    await another.service.stop();
  });
});

describe('one Idempotency-Key for twenty requests at once', () => {
  it('does one of them; the others are told to ask again, or get its answer', async () => {
    await service.aUser('racing');
    const answers = await Promise.all(Array.from({ length: 20 }, () => recover('racing', 'key-racing')));
    const done = answers.filter(({ status }) => status === 202);
    expect(done.filter((answer) => !isReplayed(answer))).toHaveLength(1);
    expect(answers.filter(({ status }) => status !== 202).map(codeOf)).toEqual(answers.filter(({ status }) => status !== 202).map(() => [409, 'RKY-10014']));
    expect(await mailsTo('racing')).toBe(1);
  });
});

describe('an Idempotency-Key', () => {
  it('that was used for another request is refused, and nothing is done', async () => {
    await service.aUser('first-asked');
    await service.aUser('then-asked');
    await recover('first-asked', 'key-reused');
    expect(codeOf(await recover('then-asked', 'key-reused'))).toEqual([422, 'RKY-10013']);
    expect(await mailsTo('then-asked')).toBe(0);
  });

  it('is each caller’s own', async () => {
    await service.aUser('owned');
    await recover('owned', 'key-owned');
    const stranger = await recover('owned', 'key-owned', { as: 'admin:wrong' });
    expect([stranger.status, isReplayed(stranger)]).toEqual([401, false]);
  });

  it.each([['empty', ''], ['too long', 'x'.repeat(256)], ['with a blank', 'a b']])('that is %s is refused', async (_what, key) => {
    expect(codeOf(await recover('nobody', key))).toEqual([400, 'RKY-10001']);
  });
});

describe('a request that failed for a reason of the service’s', () => {
  it('is done when it is sent again', async () => {
    await service.aUser('failed');
    await service.database.query('ALTER TABLE recovery RENAME TO recovery_away');
    const first = await recover('failed', 'key-failed');
    await service.database.query('ALTER TABLE recovery_away RENAME TO recovery');
    expect([first.status, (await recover('failed', 'key-failed')).status, await mailsTo('failed')]).toEqual([500, 202, 1]);
  });

  it('is free half a minute after a service began it and was not heard of again', async () => {
    await service.aUser('died');
    let first: Promise<Answer> | undefined;
    await service.database.transaction(async (tx) => {
      await tx.query('LOCK TABLE recovery');
      first = recover('died', 'key-died');
      await until(async () => (await tx.query('SELECT FROM idempotent_request WHERE answer IS NULL')).length === 1);
      expect(codeOf(await recover('died', 'key-died'))).toEqual([409, 'RKY-10014']);
      await tx.query(`UPDATE idempotent_request SET held_until = now() - interval '1 second' WHERE answer IS NULL`);
    });
    const second = await recover('died', 'key-died');
    expect([(await first)?.status, second.status, isReplayed(await recover('died', 'key-died'))]).toEqual([202, 202, true]);
  });

  it('is free within the cooldown, so that nothing more is mailed where the service had done it before it died (F1)', async () => {
    await service.aUser('done');
    await service.reconfigure('');
    await recover('done', 'key-done');
    await service.database.query(`UPDATE recovery SET issued_at = issued_at - (SELECT max(held_until) - now() + interval '1 second' FROM idempotent_request)`);
    await service.database.query(`UPDATE idempotent_request SET answer = NULL, held_until = now() - interval '1 second' WHERE held_until = (SELECT max(held_until) FROM idempotent_request)`);
    const second = await recover('done', 'key-done');
    await service.reconfigure(toml);
    expect([second.status, isReplayed(second), await mailsTo('done')]).toEqual([202, false, 1]);
  });
});

describe('what is kept of a request', () => {
  it('has neither its key, nor its password, nor the recovery key of its answer in the clear (S16)', async () => {
    await service.aUser('secret');
    const { text: key } = await recover('secret', 'key-secret', { query: 'notify=false' });
    await setPassword(key, other, 'key-secret-reset');
    const [row] = await service.database.query<{ dump: string }>(`SELECT string_agg(encode(subject, 'escape') || encode(fingerprint, 'escape') || encode(answer, 'escape'), '') AS dump FROM idempotent_request`);
    for (const secret of [key, other, 'key-secret', Buffer.from(key).toString('base64'), Buffer.from(key).toString('hex')]) expect(row?.dump).not.toContain(secret);
  });
});
