import { until } from '@rekey/test-kit';
import { byASteadyClock } from '@rekey/test-kit/steady-clock';
import { InboxUnderTest } from '../testing/inbox-under-test.ts';
import { aMail } from '../testing/mails.ts';
import { RelayAtHand } from '../testing/relay-at-hand.ts';
import { credentials, RelaysUnderTest, wanted } from '../testing/relay-under-test.ts';
import { MailRelays } from './mail-relays.ts';
import { RelayAnswers } from './relay-answers.ts';
import { RelayReports } from './relay-reports.ts';

describe('what operators see of the relays', () => {
  byASteadyClock();
  let service: InboxUnderTest;
  const talking = new RelaysUnderTest();
  const reports: RelayReports[] = [];
  beforeAll(async () => (service = await InboxUnderTest.open()));
  afterAll(() => service.close());
  beforeEach(() => service.empty());
  afterEach(async () => {
    await Promise.all(reports.splice(0).map((report) => report.stop()));
    await talking.close();
  });

  const relay = (name: string, port = 25) => ({ name, host: '127.0.0.1', port, priority: 1, tls: 'none', credentials, connections: 10, mailsPerSecond: null }) as const;
  const answersOf = (...relays: readonly ReturnType<typeof relay>[]) => new RelayAnswers(service.database, { relays, dkim: null });
  const listed = async () => {
    const outcome = await answersOf(relay('main')).answer({ ask: 'list' });
    if (outcome.kind !== 'relays') throw new Error(outcome.kind);
    return outcome.relays;
  };
  const workers = async () => (await listed())[0]?.workers ?? [];

  /** A notification service with one relay that does as the script says. */
  function aWorker(worker: string, sender = new RelayAtHand()) {
    const relays: MailRelays = new MailRelays([{ ...relay('main'), sender }], { log: service.log, onChange: () => report.wake(), nowMs: () => 0 });
    const report = new RelayReports(service.database, relays, { log: service.log, worker });
    reports.push(report);
    report.start();
    return { relays, report, sender };
  }

  it('is how each is set, without its password and user name', async () => {
    expect(await listed()).toEqual([{ name: 'main', host: '127.0.0.1', port: 25, priority: 1, tls: 'none', signsIn: true, dkim: false, connections: 10, mailsPerSecond: null, workers: [] }]);
  });

  it('is what each notification service knows of it, by a circuit of its own', async () => {
    const [first, second] = [aWorker('a/1'), aWorker('b/1', new RelayAtHand({ before: () => ({ kind: 'relay-refused', stage: 'auth', reply: '535 5.7.8 wrong' }) }))];
    await first.relays.send(aMail(), wanted);
    first.report.wake();
    await second.relays.send(aMail(), wanted);
    await until(workers, (known) => known.length === 2 && known[0]?.sent === 1 && known[1]?.circuit === 'open');
    const since = expect.any(String) as string;
    expect(await workers()).toEqual([
      { worker: 'a/1', circuit: 'closed', since, reason: null, nextProbeAt: null, inFlight: 0, sent: 1, failed: 0, meanMs: expect.any(Number), reportedAt: since },
      { worker: 'b/1', circuit: 'open', since, reason: 'auth: 535 5.7.8 wrong', nextProbeAt: since, inFlight: 0, sent: 0, failed: 1, meanMs: null, reportedAt: since },
    ]);
    second.sender.script = {};
    await service.database.query(`UPDATE relay_state SET reported_at = now() - interval '30 seconds' WHERE worker = 'a/1'`);
    expect((await workers()).map(({ worker }) => worker)).toEqual(['b/1']);
    await second.report.stop();
    expect(await workers()).toEqual([]);
  });

  it('forgets what workers left that are long gone', async () => {
    const { relays, report } = aWorker('a/1');
    await until(workers, ({ length }) => length === 1);
    await service.database.query(`UPDATE relay_state SET worker = 'gone/1', reported_at = now() - interval '2 hours'`);
    await relays.send(aMail(), wanted);
    report.wake();
    await until(() => service.database.query('SELECT worker FROM relay_state'), (rows) => JSON.stringify(rows) === '[{"worker":"a/1"}]');
  });

  it('is what one says when it is tried, without the password, and no mail is sent', async () => {
    const sink = await talking.aSink({ credentials });
    const outcome = await answersOf(relay('other'), relay('main', sink.port)).answer({ ask: 'test', relay: 'main' });
    expect(outcome).toMatchObject({ kind: 'tested', test: { relay: 'main', refusal: null } });
    expect(JSON.stringify(outcome)).toContain('AUTH PLAIN …');
    expect(JSON.stringify(outcome)).not.toContain(credentials.password);
    expect(sink.dialogue.filter((line) => /^C: (MAIL|RCPT|DATA)/.test(line))).toEqual([]);
    expect(await answersOf(relay('main')).answer({ ask: 'test', relay: 'mian' })).toEqual({ kind: 'unknown' });
  });
});
