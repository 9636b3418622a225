import { fileURLToPath } from 'node:url';
import { ServiceUnderTest } from '../testing/service-under-test.ts';

const module = fileURLToPath(new URL('../../../../examples/business-hours-listener/business-hours.mjs', import.meta.url));
const password = 'a password nobody has guessed';
const toml = (properties: string) => `[[event_listener]]\nid = "business-hours"\norder = 40\nmodule = "${module}"\n[event_listener.properties]\n${properties}`;
const everyDay = 'days = "Mon,Tue,Wed,Thu,Fri,Sat,Sun"\n';

interface Example {
  isOpen(hours: { opens: number; closes: number; timeZone: string; days: readonly string[] }, at: Date): boolean;
}

describe('the example of a listener', () => {
  let service: ServiceUnderTest;
  beforeAll(async () => {
    service = await ServiceUnderTest.start(toml(`${everyDay}opens = "00:00"\ncloses = "24:00"`));
    await service.aUser('kim', { password });
  });
  afterAll(() => service.stop());

  const signIn = async () => service.ask('/api/rekey/v1/session', { as: null, body: { username: 'kim', password } });

  it('lets people sign in while it is open, and refuses with words of its own while it is closed', async () => {
    expect((await signIn()).status).toBe(200);
    await service.reconfigure(toml(`${everyDay}opens = "00:00"\ncloses = "00:00"`));
    const refused = await signIn();
    expect(refused.status).toBe(403);
    expect(refused.body).toMatchObject({ code: 'RKY-10012', description: 'Sign-in is possible from 00:00 to 00:00 (UTC).', reasons: [{ code: 'OUT-OF-HOURS' }] });
    // Whoever administers it is never locked out.
    expect((await service.ask('/api/rekey/v1/listeners')).status).toBe(200);
  });

  it.each([
    ['opens = "early"', /expected a time such as 08:00, got "early"$/],
    ['closes = "12:99"', /expected a time such as 08:00, got "12:99"$/],
    ['closes = "24:01"', /expected a time such as 08:00, got "24:01"$/],
    ['opens = "22:00"\ncloses = "06:00"', /expected opens before closes, got 22:00 and 06:00$/],
    ['days = "Mon, Tuesday"', /expected days of Mon,.*, got "Tuesday"$/],
    ['time_zone = "Nowhere"', /time zone/],
  ])('is refused, in one line, where its properties mean nothing: %s', async (properties, expected) => {
    const refusal = await service.reconfigure(toml(properties)).then(() => '', (error: unknown) => String(error));
    expect(refusal).toContain('"business-hours"');
    expect(refusal).toMatch(expected);
  });

  it('exempts those of the super tenant and its primary user store, and nobody else of their name', async () => {
    await service.reconfigure(toml(`${everyDay}opens = "00:00"\ncloses = "00:00"\nexempt = "admin, kim"`));
    expect((await signIn()).status).toBe(200);
    await service.database.query(`INSERT INTO tenant (domain) VALUES ('elsewhere.example')`);
    expect(await service.users.authenticate({ username: 'kim', realm: 'PRIMARY', tenantDomain: 'elsewhere.example' }, password)).toMatchObject({ code: 'OUT-OF-HOURS' });
  });

  it.each([
    ['2026-11-25T06:59:00Z', false],
    ['2026-11-25T07:00:00Z', true],
    ['2026-11-25T16:59:00Z', true],
    ['2026-11-25T17:00:00Z', false],
    ['2026-11-28T12:00:00Z', false],
    ['2026-07-01T06:00:00Z', true],
  ])('reads the clock of its time zone: %s', async (at, open) => {
    const { isOpen } = (await import(module)) as Example;
    expect(isOpen({ opens: 8 * 60, closes: 18 * 60, timeZone: 'Europe/Zurich', days: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri'] }, new Date(at))).toBe(open);
  });
});
