import { ServiceUnderTest, type Answer } from '../testing/service-under-test.ts';
import { bodyOf, outcomeOf, started, Steps, type Version } from './testing/steps.ts';

const claim = (name: string, value: string) => ({ uri: `http://wso2.org/claims/${name}`, value });
const ways = { username: (name: string) => [claim('username', name)], address: (name: string) => [claim('emailaddress', name)] };

let service: ServiceUnderTest;
beforeAll(async () => void (service = await ServiceUnderTest.start('[identity_mgt.password_reset_email]\ncooldown = 0\n[identity_mgt.password_reset_email.otp]\nsend_otp_in_email = true\n')));
afterAll(() => service.stop());

/** A person who exists, whose address is the username too; one who may not recover; and nobody. */
async function three(what: string): Promise<readonly string[]> {
  const [known, disabled, unknown] = ['known', 'disabled', 'unknown'].map((kind) => `${kind}-${what}@person.example`);
  await service.aUser(known ?? '', { emails: [known] });
  await service.aUser(disabled ?? '', { emails: [disabled], active: false });
  return [known ?? '', disabled ?? '', unknown ?? ''];
}

async function eachOf(names: readonly string[], ask: (name: string) => Promise<Answer>): Promise<(readonly [number, string])[]> {
  const outcomes = [];
  for (const name of names) outcomes.push(outcomeOf(await ask(name)));
  return outcomes;
}

describe.each<Version>(['v1', 'v2'])('whoever is not there is one and the same nobody at every door, by the steps of %s too', (version) => {
  const steps = () => new Steps(service, version);
  const begin = async (way: keyof typeof ways, name: string) => bodyOf(await steps().recover(started(await steps().call('password/init', { claims: ways[way](name) })).recoveryCode));

  it.each<[string, (name: string) => Promise<unknown>]>([
    ['at My Account', (name) => service.ask('/api/rekey/v1/recovery', { as: null, body: { username: name } })],
    ['at recover-password', (name) => service.recover(name)],
    ['by another flow', (name) => begin('username', name)],
    ['by another flow that looked for the address', (name) => begin('address', name)],
  ])('asked for once more %s, which ends what a flow has led to (S1, S26)', async (door, askAgain) => {
    for (const way of ['username', 'address'] as const) {
      const outcomes = await eachOf(await three(`${door.length}-${way}-${version}`), async (name) => {
        const { resendCode } = await begin(way, name);
        await askAgain(name);
        return steps().resend(resendCode);
      });
      expect([way, ...outcomes]).toEqual([way, ...outcomes.map(() => [406, 'UAR-10012'])]);
    }
  });

  it('also where the account may not recover any more since the flow began', async () => {
    const name = await service.aUser(`until-then-${version}`);
    const { recoveryCode } = started(await steps().init(name));
    const user = await service.users.findUser({ tenantDomain: 'carbon.super', realm: 'PRIMARY', username: name });
    if (user) await service.users.setClaims(user, { 'http://wso2.org/claims/identity/accountDisabled': 'true' });
    const { resendCode } = bodyOf(await steps().recover(recoveryCode));
    await service.ask('/api/rekey/v1/recovery', { as: null, body: { username: name } });
    expect(outcomeOf(await steps().resend(resendCode))).toEqual([406, 'UAR-10012']);
  });
});
