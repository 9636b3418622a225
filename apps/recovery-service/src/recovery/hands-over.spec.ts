import { ServiceUnderTest, type Answer, type ErrorBody } from '../testing/service-under-test.ts';

const password = 'a password nobody has guessed';
const forced = 'http://wso2.org/claims/identity/adminForcedPasswordReset';
const byItself = '[identity_mgt.recovery.notification]\nmanage_internally = false\n[identity_mgt.username_recovery.email]\nenable_username_recovery = true\n[identity_mgt.password_reset_by_admin]\ncode_validity_period = "11m"\n';
const aKey = /^[\w-]{43}$/;

let service: ServiceUnderTest;
beforeAll(async () => void (service = await ServiceUnderTest.start(byItself)));
afterAll(() => service.stop());

const told = ({ status, body }: Answer) => [status, (body as ErrorBody).code, (body as ErrorBody).description];
const mailsTo = (username: string) => service.database.query(`SELECT FROM outbox WHERE convert_from(payload, 'UTF8')::jsonb -> 'user' ->> 'username' = $1`, [username]);
const resend = (username: string, value: string) => service.ask('/api/identity/user/v1.0/resend-code', { body: { user: { username }, properties: [{ key: 'RecoveryScenario', value }] } });

async function force(username: string): Promise<void> {
  const user = await service.users.findUser({ tenantDomain: 'carbon.super', realm: 'PRIMARY', username });
  if (user) await service.users.setClaims(user, { [forced]: 'true' });
}

describe('in a tenant that brings keys to its people itself', () => {
  it('nobody is mailed a link who asks for one at My Account, and everybody is told why, alike (S1)', async () => {
    await service.aUser('asking');
    for (const door of ['/api/rekey/v1/recovery', '/api/rekey/v1/recovery/resend']) {
      for (const username of ['asking', 'nobody']) expect(told(await service.ask(door, { as: null, body: { username } }))).toEqual([400, '20017', expect.stringContaining('brings its people the links for a new password itself')]);
    }
    expect(await mailsTo('asking')).toEqual([]);
  });

  it('a request says by notify how it is answered, as in WSO2: of a password and of a username', async () => {
    await service.aUser('notified');
    const username = async (query: string) => service.ask(`/api/identity/recovery/v0.9/recover-username${query}`, { body: [{ uri: 'http://wso2.org/claims/emailaddress', value: 'notified@example.com' }] });
    expect([(await service.recover('notified', '')).text, (await service.recover('notified', 'notify=false')).text]).toEqual([expect.stringMatching(aKey), expect.stringMatching(aKey)]);
    expect([(await username('')).text, (await username('?notify=false')).text]).toEqual(['notified', 'notified']);
    expect(await mailsTo('notified')).toEqual([]);
    expect([(await service.recover('notified', 'notify=true')).text, (await username('?notify=true')).text]).toEqual(['', '']);
    expect(await mailsTo('notified')).toHaveLength(2);
  });

  it.each(['ADMIN_FORCED_PASSWORD_RESET_VIA_EMAIL_LINK', 'ADMIN_FORCED_PASSWORD_RESET_VIA_OTP'])('a code of %s is had again by whose reset is forced, for as long as that says; of anybody else it fits nothing', async (scenario) => {
    const [username, other] = [await service.aUser(`forced-${scenario.slice(-3)}`), await service.aUser(`unforced-${scenario.slice(-3)}`)];
    await force(username);
    const keys: string[] = [];
    for (const name of [username, other, 'nobody']) {
      const answer = await resend(name, scenario);
      expect([answer.status, answer.text]).toEqual([201, expect.stringMatching(aKey)]);
      keys.push(answer.text);
    }
    const [row] = await service.database.query<{ minutes: string }>(`SELECT extract(epoch FROM expires_at - issued_at) / 60 AS minutes FROM recovery JOIN user_account ON id = user_id WHERE username = $1 AND purpose = 'password'`, [username]);
    expect(Number(row?.minutes)).toBe(11);
    const statuses: number[] = [];
    for (const key of keys) statuses.push((await service.setPassword(key, password)).status);
    expect(statuses).toEqual([200, 400, 400]);
  });

  it('a forced reset does not wait for people being allowed to ask', async () => {
    await force(await service.aUser('forced-only'));
    await service.reconfigure(`${byItself}[identity_mgt.password_reset_email]\nenable_password_reset_email = false\n`);
    const answers = [await resend('forced-only', 'ADMIN_FORCED_PASSWORD_RESET_VIA_EMAIL_LINK'), await resend('forced-only', 'NOTIFICATION_BASED_PW_RECOVERY')];
    await service.reconfigure(byItself);
    expect(answers.map(({ status }) => status)).toEqual([201, 400]);
  });
});
