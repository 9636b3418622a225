import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { until } from '@rekey/test-kit';
import { parse } from 'yaml';
import { BothServices, embeddedBus } from './testing/both-services.ts';
import { root } from './testing/started-program.ts';

let services: BothServices;
beforeAll(async () => (services = await BothServices.start(await embeddedBus())));
afterAll(() => services.stop());

const value = async (sample: string) => (await services.metrics()).get(sample);
const becomes = async (sample: string, expected: number) => until(() => value(sample), (seen) => seen === expected);

describe('what Prometheus reads of the two services', () => {
  it('is, of one recovery, a request, an event and a mail, and how long they took', async () => {
    await services.aUser('kim');
    expect(await services.recover('kim')).toBe(202);
    await services.mailsTo('kim', 1);
    await becomes('rekey_mails_finished_total{state="SENT",type="PasswordRecoveryRequested"}', 1);
    const samples = await services.metrics();
    expect(Object.fromEntries([...samples].filter(([name]) => !/_bucket|_sum|_seconds|config/.test(name)))).toMatchObject({
      'rekey_mails_accepted_total': 1,
      'rekey_inbox_mails{state="PENDING"}': 0,
      'rekey_inbox_mails{state="SENDING"}': 0,
      'rekey_inbox_mails{state="UNCERTAIN"}': 0,
      'rekey_mails_uncertain_total': 0,
      'rekey_leases_rescued_total{phase="data"}': 0,
      'rekey_outbox_events{outbox="recovery-service"}': 0,
      'rekey_outbox_published_total{outbox="recovery-service"}': 1,
      'rekey_relay_circuit_open{relay="127.0.0.1"}': 0,
      'rekey_relay_attempts_total{relay="127.0.0.1",outcome="sent"}': 1,
    });
    expect(samples.get('rekey_request_to_relay_seconds_count')).toBe(1);
    expect(samples.get('rekey_attempt_duration_seconds_count{stage="sent"}')).toBe(1);
    expect(samples.get('rekey_http_request_duration_seconds_count{method="POST",route="/api/identity/recovery/v0.9/recover-password",status="202"}')).toBe(1);
    expect(samples.get('rekey_oldest_unsent_mail_age_seconds')).toBe(0);
  });

  it('shows a relay that fails: an open circuit, and the age of what waits for it', async () => {
    await services.aUser('lee');
    await services.sink.pause();
    await services.recover('lee');
    await becomes('rekey_relay_circuit_open{relay="127.0.0.1"}', 1);
    await becomes('rekey_inbox_mails{state="PENDING"}', 1);
    await until(async () => ((await value('rekey_oldest_unsent_mail_age_seconds')) ?? 0) > 0);
    expect(await value('rekey_attempt_duration_seconds_count{stage="connect"}')).toBeGreaterThan(0);

    await services.sink.resume();
    await services.mailsTo('lee', 1);
    await becomes('rekey_relay_circuit_open{relay="127.0.0.1"}', 0);
    await becomes('rekey_oldest_unsent_mail_age_seconds', 0);
  });

  it('counts a mail that is refused, and one whose answer was lost', async () => {
    for (const username of ['refused', 'doubtful']) await services.aUser(username);
    services.sink.script('RCPT', { kind: 'reply', code: 550, text: '5.1.1 nobody here' }, { where: 'refused@' });
    services.sink.script('dot', { kind: 'disconnect', taken: true }, { times: 1, where: 'doubtful' });
    for (const username of ['refused', 'doubtful']) await services.recover(username);
    await becomes('rekey_mails_finished_total{state="REJECTED",type="PasswordRecoveryRequested"}', 1);
    await becomes('rekey_mails_uncertain_total', 1);
    services.sink.clearScript();
  });

  it('is what docs/observability.md tells of, and what the alert rules look at', async () => {
    const shown = [...(await services.declaredMetrics())].sort();
    const docs = await readFile(path.join(root, 'docs/observability.md'), 'utf8');
    const rules = await readFile(path.join(root, 'deploy/prometheus-rules.yml'), 'utf8');
    expect([...docs.matchAll(/^\| `(rekey_\w+)` \|/gm)].map(([, name]) => name).sort()).toEqual(shown);
    const { groups } = parse(rules) as { groups: readonly { rules: readonly { alert: string; expr: string }[] }[] };
    const alerts = groups.flatMap((group) => group.rules);
    expect(alerts.map(({ alert }) => alert)).toEqual([...docs.matchAll(/^\| `(Rekey\w+)` \|/gm)].map(([, name]) => name));
    const looked = alerts.flatMap(({ expr }) => [...expr.matchAll(/rekey_\w+/g)].map(([name]) => name.replace(/_bucket$/, '')));
    expect(looked.filter((name) => !shown.includes(name))).toEqual([]);
    expect(looked.length).toBeGreaterThanOrEqual(alerts.length);
  });

  it('names nobody (S43)', async () => {
    expect([...(await services.metrics()).keys()].join('\n')).not.toMatch(/@|kim|lee|refused@|doubtful/);
  });
});
