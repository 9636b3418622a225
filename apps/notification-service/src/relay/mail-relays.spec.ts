import { createLogger, Metrics } from '@rekey/observability';
import { until } from '@rekey/test-kit';
import { byASteadyClock } from '@rekey/test-kit/steady-clock';
import { aMail } from '../testing/mails.ts';
import { silence, type Answers, type Moment } from '../testing/raw-relay.ts';
import { RelayAtHand } from '../testing/relay-at-hand.ts';
import { impatient, RelaysUnderTest, verbsOf, wanted } from '../testing/relay-under-test.ts';
import type { RelayRefusal } from '../smtp/smtp-outcome.ts';
import { MailRelays } from './mail-relays.ts';
import type { RelayInUse } from './relay-lane.ts';

const log = createLogger('test', { level: process.env['TEST_LOG_LEVEL'] ?? 'silent' });
const down: RelayRefusal = { kind: 'relay-refused', stage: 'connect', reply: 'refused' };
const denied: RelayRefusal = { kind: 'relay-refused', stage: 'rcpt', reply: '554 5.7.1 Relay access denied' };

describe('several relays', () => {
  byASteadyClock();
  let nowMs = 0;
  const talking = new RelaysUnderTest();
  afterEach(() => talking.close());

  function relaysOf(...relays: (Partial<RelayInUse> & Pick<RelayInUse, 'name' | 'sender'>)[]): MailRelays {
    return new MailRelays(relays.map((relay) => ({ priority: 1, connections: 10, mailsPerSecond: null, ...relay })), { log, nowMs: () => nowMs });
  }
  /** That keeps what it is given until `letGo`. */
  function aSlowRelay(): { sender: RelayAtHand; letGo: () => void } {
    const waiting: (() => void)[] = [];
    return { sender: new RelayAtHand({ before: () => new Promise((resolve) => waiting.push(() => resolve(null))) }), letGo: () => waiting.splice(0).forEach((go) => go()) };
  }
  const said = ({ dialogue }: { readonly dialogue: readonly { readonly line: string }[] }): string => dialogue.map(({ line }) => line).join('\n');

  describe('are chosen', () => {
    it('by priority, the lower first, in whatever order they stand in the file', async () => {
      const [first, second] = [new RelayAtHand(), new RelayAtHand()];
      const relays = relaysOf({ name: 'second', priority: 2, sender: second }, { name: 'first', priority: 1, sender: first });
      for (let sent = 0; sent < 5; sent++) await relays.send(aMail(), wanted);
      expect([first.received.length, second.received.length]).toEqual([5, 0]);
    });

    it('in turn where they are equal', async () => {
      const equals = ['a', 'b', 'c'].map((name) => ({ name, sender: new RelayAtHand() }));
      const relays = relaysOf(...equals);
      for (let sent = 0; sent < 9; sent++) await relays.send(aMail(), wanted);
      expect(equals.map(({ sender }) => sender.received.length)).toEqual([3, 3, 3]);
    });

    it('by what part of their connections is in use, so that a slow one gets less (F25)', async () => {
      const [slow, quick] = [aSlowRelay(), new RelayAtHand()];
      const relays = relaysOf({ name: 'slow', connections: 4, sender: slow.sender }, { name: 'quick', connections: 4, sender: quick });
      const sending = Array.from({ length: 2 }, () => relays.send(aMail(), wanted));
      await sending[1];
      for (let sent = 0; sent < 20; sent++) await relays.send(aMail(), wanted);
      expect(quick.received).toHaveLength(21);
      slow.letGo();
      await Promise.all(sending);
    });

    it('as far as they have room: the next one takes what is too much for the first', async () => {
      const [first, second] = [aSlowRelay(), aSlowRelay()];
      const relays = relaysOf({ name: 'first', connections: 2, sender: first.sender }, { name: 'second', priority: 2, connections: 1, sender: second.sender });
      expect(relays.room(0)).toBe(3);
      const sending = Array.from({ length: 3 }, () => relays.send(aMail(), wanted));
      expect([relays.room(3), relays.room(5)]).toEqual([0, -2]);
      expect(await relays.send(aMail(), wanted)).toMatchObject({ kind: 'unasked', relay: null });
      [first, second].forEach(({ letGo }) => letGo());
      expect((await Promise.all(sending)).map(({ kind }) => kind)).toEqual(['sent', 'sent', 'sent']);
      expect([first.sender.mostAtOnce, second.sender.mostAtOnce]).toEqual([2, 1]);
    });

    it('as fast as each takes them, which a claim knows before', async () => {
      const [first, second] = [new RelayAtHand(), new RelayAtHand()];
      const relays = relaysOf({ name: 'first', mailsPerSecond: 2, sender: first }, { name: 'second', priority: 2, mailsPerSecond: 1, sender: second });
      expect(relays.room(0)).toBe(3);
      for (let sent = 0; sent < 3; sent++) await relays.send(aMail(), wanted);
      expect([first.received.length, second.received.length, relays.room(0)]).toEqual([2, 1, 0]);
      nowMs += 500;
      expect(relays.room(0)).toBe(1);
    });
  });

  describe('follow one another', () => {
    const beforeTheMail: readonly (readonly [Moment, Answers])[] = [
      ['connect', { connect: '554 5.7.1 no service\r\n' }],
      ['connect', { connect: { then: 'RST' } }],
      ['EHLO', { EHLO: '421 4.3.2 shutting down\r\n' }],
      ['STARTTLS', { STARTTLS: '454 4.7.0 not now\r\n' }],
      ['AUTH', { AUTH: '535 5.7.8 wrong\r\n' }],
      ['MAIL', { MAIL: '451 4.3.0 later\r\n' }],
      ['MAIL', { MAIL: '550 5.7.1 not your sender\r\n' }],
      ['RCPT', { RCPT: '450 4.2.0 greylisted\r\n' }],
      ['RCPT', { RCPT: { then: 'FIN' } }],
      ['RCPT', { RCPT: '554 5.7.1 Relay access denied\r\n' }],
      ['DATA', { DATA: { say: '421 4.3.2 shutting down\r\n', then: 'FIN' } }],
      ['DATA', { DATA: silence }],
    ];
    it.each(beforeTheMail)('within the same attempt where the first fails at %s: %j (F28, F29, F31)', async (moment, answers) => {
      const raw = await talking.aRawRelay(answers, { extensions: ['PIPELINING', 'STARTTLS', 'AUTH PLAIN'] });
      const sink = await talking.aSink();
      const address = moment === 'STARTTLS' ? ({ tls: 'starttls' } as const) : moment === 'AUTH' ? { credentials: { username: 'me', password: 'p' } } : {};
      const relays = relaysOf({ name: 'first', sender: talking.aRelay(raw, { name: 'first', ...address }, { timeouts: impatient }) }, { name: 'second', priority: 2, sender: talking.aRelay(sink, { name: 'second' }) });
      let marks = 0;
      const outcome = await relays.send(aMail(), () => Promise.resolve(++marks > 0));
      expect(outcome).toMatchObject({ kind: 'sent', relay: 'second' });
      expect([marks, sink.mails.length, raw.bodies.join('')]).toEqual([1, 1, '']);
      expect(said(outcome)).toMatch(/^by first\n[^]*\nby second\n/);
    });

    it.each<[string, Answers, string]>([
      ['lost in the body', { body: { then: 'RST' }, dot: { then: 'RST' } }, 'uncertain'],
      ['lost after the dot', { dot: { then: 'FIN' } }, 'uncertain'],
      ['never answered (F27)', { dot: silence }, 'uncertain'],
      ['put off after the dot', { dot: '451 4.3.0 later\r\n' }, 'retry'],
      ['refused after the dot', { dot: '554 5.7.1 spam\r\n' }, 'rejected'],
      ['refused for good at RCPT (F30)', { RCPT: '550 5.1.1 nobody\r\n' }, 'rejected'],
    ])('never where the mail was %s', async (_what, answers, kind) => {
      const raw = await talking.aRawRelay(answers);
      const sink = await talking.aSink();
      const relays = relaysOf({ name: 'first', sender: talking.aRelay(raw, {}, { timeouts: impatient }) }, { name: 'second', priority: 2, sender: talking.aRelay(sink) });
      expect(await relays.send(aMail(), wanted)).toMatchObject({ kind });
      expect(sink.connectionCount).toBe(0);
    });

    it('never after the 354, also where not a byte of the body has gone out', async () => {
      const raw = await talking.aRawRelay();
      const sink = await talking.aSink();
      const relays = relaysOf({ name: 'first', sender: talking.aRelay(raw) }, { name: 'second', priority: 2, sender: talking.aRelay(sink) });
      const lost = relays.send(aMail(), async () => {
        raw.interrupt({ then: 'RST' });
        await until(() => raw.openConnections, (connections) => connections === 0);
        return true;
      });
      expect(['retry', 'uncertain']).toContain((await lost).kind);
      expect(await relays.send(aMail(), () => Promise.resolve(false))).toMatchObject({ kind: 'withdrawn' });
      expect(sink.connectionCount).toBe(0);
    });

    it('at the next attempt where the mail was put off after the dot, a sure no: each in turn, the first again after the last (F29)', async () => {
      const taking = { name: 'taking', sender: new RelayAtHand() };
      const relays = relaysOf({ name: 'first', sender: new RelayAtHand({ after: () => ({ kind: 'retry', stage: 'dot', reply: '451 later' }) }) }, { ...taking, priority: 2 }, { name: 'third', priority: 3, sender: new RelayAtHand() });
      expect(await relays.send(aMail(), wanted)).toMatchObject({ kind: 'retry', stage: 'dot' });
      expect(await relays.send(aMail(), wanted, ['first'])).toMatchObject({ kind: 'sent' });
      expect(taking.sender.received).toHaveLength(1);
      expect(await relays.send(aMail(), wanted, ['first', 'taking', 'third'])).toMatchObject({ kind: 'retry', stage: 'dot' });
    });

    it('and what one of them said about this very mail counts, where the others cannot be used', async () => {
      const greylisting = new RelayAtHand({ before: () => ({ kind: 'retry', stage: 'rcpt', reply: '450 greylisted' }) });
      const relays = relaysOf({ name: 'first', sender: greylisting }, { name: 'second', priority: 2, sender: new RelayAtHand({ before: () => down }) });
      expect(await relays.send(aMail(), wanted)).toMatchObject({ kind: 'retry', stage: 'rcpt', reply: '450 greylisted' });
    });
  });

  describe('that cannot be used', () => {
    const aBrokenRelay = (refusal = down) => {
      const script = { broken: true, tried: 0, probed: 0 };
      const sender = new RelayAtHand({
        before: () => {
          script.tried++;
          return script.broken ? refusal : null;
        },
        probe: () => {
          script.probed++;
          return script.broken ? refusal : null;
        },
      });
      return { script, sender };
    };
    const sendFive = async (relays: MailRelays) => {
      for (let sent = 0; sent < 5; sent++) expect(await relays.send(aMail(), wanted)).toMatchObject({ kind: 'sent', relay: 'relay at hand' });
    };

    it('are left alone, are asked every five seconds without a mail, and are used again once they answer (F24, F33)', async () => {
      const { script, sender } = aBrokenRelay();
      const second = new RelayAtHand();
      const relays = relaysOf({ name: 'first', sender }, { name: 'second', priority: 2, sender: second });
      await sendFive(relays);
      for (const [passed, probes] of [[0, 0], [4_999, 0], [1, 1], [1, 1], [4_999, 2]] as const) {
        nowMs += passed;
        await relays.probe();
        expect(script.probed).toBe(probes);
      }
      await sendFive(relays);
      expect([script.tried, second.received.length, relays.room(0)]).toEqual([1, 10, 10]);
      script.broken = false;
      nowMs += 5_000;
      await relays.probe();
      await sendFive(relays);
      expect([script.tried, sender.received.length, second.received.length]).toEqual([6, 5, 10]);
    });

    it('let no mail be started, not even a probe, as long as that takes none (F24)', async () => {
      const [first, second] = [aBrokenRelay(), aBrokenRelay()];
      const relays = relaysOf({ name: 'first', sender: first.sender }, { name: 'second', priority: 2, sender: second.sender });
      expect(await relays.send(aMail(), wanted)).toMatchObject({ kind: 'relay-refused' });
      nowMs += 5_000;
      expect([relays.room(0), await relays.send(aMail(), wanted)]).toMatchObject([0, { kind: 'unasked' }]);
      second.script.broken = false;
      await relays.probe();
      expect(relays.room(0)).toBe(10);
      expect(await relays.send(aMail(), wanted)).toMatchObject({ kind: 'sent' });
      expect([first.script.tried, second.script.tried]).toEqual([1, 2]);
    });

    it('are probed by one mail every five seconds where they refused one for what is none of its own: connecting says nothing then (F31)', async () => {
      const [first, second] = [aBrokenRelay(denied), aBrokenRelay(denied)];
      const relays = relaysOf({ name: 'first', sender: first.sender }, { name: 'second', priority: 2, sender: second.sender });
      expect(await relays.send(aMail(), wanted)).toMatchObject({ kind: 'relay-refused', stage: 'rcpt' });
      expect([relays.room(0), await relays.send(aMail(), wanted)]).toMatchObject([0, { kind: 'unasked' }]);
      nowMs += 5_000;
      await relays.probe();
      expect([first.script.probed, relays.room(0), relays.room(1)]).toEqual([0, 1, 0]);
      second.script.broken = false;
      expect(await relays.send(aMail(), wanted)).toMatchObject({ kind: 'sent' });
      expect(relays.room(0)).toBe(10);
    });

    it('are probed though a mail that they were given before still hangs, as it may for two minutes (F24)', async () => {
      const answers: (() => void)[] = [];
      const script = { broken: false };
      const sender = new RelayAtHand({ before: () => (script.broken ? denied : null), after: () => new Promise((resolve) => answers.push(() => resolve({ kind: 'uncertain', stage: 'dot', reply: 'lost' }))) });
      const relays = relaysOf({ name: 'only', sender });
      const hanging = relays.send(aMail(), wanted);
      await until(() => answers.length, (count) => count === 1);
      script.broken = true;
      expect(await relays.send(aMail(), wanted)).toMatchObject({ kind: 'relay-refused' });
      expect(relays.room(1)).toBe(0);
      nowMs += 5_000;
      expect([relays.room(1), relays.room(2)]).toEqual([1, 0]);
      script.broken = false;
      const probe = relays.send(aMail(), wanted);
      await until(() => answers.length, (count) => count === 2);
      expect(relays.room(2)).toBe(0);
      answers.forEach((answer) => answer());
      await Promise.all([hanging, probe]);
    });

    it('are named, and nothing is amiss as long as one works', async () => {
      const { sender } = aBrokenRelay();
      const [first, second] = [aBrokenRelay(), new RelayAtHand()];
      const relays = relaysOf({ name: 'first', sender: first.sender }, { name: 'second', priority: 2, sender: second });
      expect(relays.readiness()).toEqual({ ready: true });
      await relays.send(aMail(), wanted);
      expect(relays.readiness()).toEqual({ ready: true, waitingFor: 'first: connect: refused' });
      const none = relaysOf({ name: 'only', sender });
      await none.send(aMail(), wanted);
      expect(none.readiness()).toEqual({ ready: false, waitingFor: 'only: connect: refused' });
    });

    it('are told of once, when it begins and when it ends, and counted', async () => {
      const lines: string[] = [];
      const metrics = new Metrics('test');
      const { script, sender } = aBrokenRelay();
      const relays = new MailRelays([{ name: 'only', priority: 1, connections: 1, mailsPerSecond: null, sender }], {
        log: createLogger('test', { level: 'info', format: 'json', destination: { write: (line: string) => void lines.push(line) } }),
        metrics: metrics.mailRelays(),
        nowMs: () => nowMs,
      });
      for (const broken of [true, true, false, false]) {
        script.broken = broken;
        await relays.probe();
        await relays.send(aMail(), wanted);
        expect(await metrics.exposition()).toContain(`rekey_relay_circuit_open{relay="only",service="test"} ${broken ? 1 : 0}`);
        nowMs += 5_000;
      }
      expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([expect.stringContaining('cannot be used'), expect.stringContaining('works again')]);
      expect(await metrics.exposition()).toContain('rekey_relay_attempts_total{relay="only",outcome="relay-refused",service="test"} 1');
    });
  });

  describe('that take fewer connections than they may have', () => {
    const tooMany: RelayRefusal = { kind: 'relay-refused', stage: 'greeting', reply: '421 4.7.0 too many connections from you' };
    /** Keeps the mails that it takes until `letGo`, and takes no more connections meanwhile. */
    function aCrampedRelay(takes: number) {
      const script = { takes };
      const waiting: (() => void)[] = [];
      const relays = relaysOf({ name: 'only', connections: 5, sender: new RelayAtHand({ before: () => (waiting.length < script.takes ? new Promise((resolve) => waiting.push(() => resolve(null))) : tooMany) }) });
      /** @returns what becomes of so many at once: those that it takes are the first */
      const sendAtOnce = async (mails: number): Promise<{ readonly refused: number; readonly letGo: () => Promise<unknown> }> => {
        const sending = Array.from({ length: mails }, () => relays.send(aMail(), wanted));
        const outcomes = await Promise.all(sending.slice(script.takes));
        const letGo = (): Promise<unknown> => {
          waiting.splice(0).forEach((go) => go());
          return Promise.all(sending);
        };
        return { refused: outcomes.filter(({ kind }) => kind === 'relay-refused').length, letGo };
      };
      return { script, relays, sendAtOnce };
    }

    it('are given as many as they took, and one more every five seconds', async () => {
      const { relays, sendAtOnce } = aCrampedRelay(2);
      const { refused, letGo } = await sendAtOnce(5);
      expect([refused, relays.room(2)]).toEqual([3, 0]);
      await letGo();
      for (const room of [2, 3, 4, 5, 5]) {
        expect([relays.room(0), relays.readiness()]).toEqual([room, { ready: true }]);
        nowMs += 5_000;
      }
    });

    it('stay in use where they have just talked over those that they have', async () => {
      const { relays, sendAtOnce } = aCrampedRelay(2);
      await (await sendAtOnce(1)).letGo();
      const { refused, letGo } = await sendAtOnce(3);
      expect([refused, relays.readiness(), relays.room(2)]).toEqual([1, { ready: true }, 0]);
      await letGo();
    });

    it('are told from those that are away by that they talk at all; back again, these have all their connections', async () => {
      const { script, relays, sendAtOnce } = aCrampedRelay(0);
      expect([(await sendAtOnce(5)).refused, relays.readiness()]).toMatchObject([5, { ready: false }]);
      script.takes = 5;
      nowMs += 5_000;
      await relays.probe();
      expect([relays.room(0), relays.readiness()]).toEqual([5, { ready: true }]);
    });
  });

  describe('that deliver to their own domains alone', () => {
    const [ours, theirs] = ['kim@ours.example', 'kim@theirs.example'];
    /** Over SMTP; refuses in the words in which others refuse us. */
    async function aChoosyRelay() {
      const sink = await talking.aSink({ rules: [{ stage: 'RCPT', where: /^(?!.*@ours\.example)/, behaviour: { kind: 'reply', code: 554, text: '5.7.1 Relay access denied' } }] });
      const named = (domain: string): number => sink.dialogue.filter((line) => line.startsWith('C: RCPT') && line.includes(`@${domain}`)).length;
      return { sink, named, relay: { name: 'own', sender: talking.aRelay(sink) } };
    }
    const sendTo = (relays: MailRelays, to: string) => relays.send(aMail({ to }), wanted);

    it('stay in use: mails for others go by the next relay within the same attempt, and later ones at once (F31)', async () => {
      const { named, relay } = await aChoosyRelay();
      const second = new RelayAtHand();
      const relays = relaysOf({ ...relay }, { name: 'second', priority: 2, sender: second });
      for (const to of [ours, theirs, theirs, ours, theirs]) expect(await sendTo(relays, to)).toMatchObject({ kind: 'sent', relay: to === ours ? '127.0.0.1' : 'relay at hand' });
      expect([named('ours.example'), named('theirs.example'), relays.readiness()]).toEqual([2, 1, { ready: true }]);
      nowMs += 300_000;
      await sendTo(relays, theirs);
      expect([named('theirs.example'), second.received.length]).toEqual([2, 4]);
    });

    it('leave a domain as much room as the others have: none is claimed that nobody would take now', async () => {
      const { relay } = await aChoosyRelay();
      const slow = aSlowRelay();
      const relays = relaysOf(relay, { name: 'second', priority: 2, connections: 2, sender: slow.sender });
      await sendTo(relays, ours);
      expect(relays.roomOfDomains(0)).toEqual(new Map());
      const sending = sendTo(relays, theirs);
      await until(() => relays.roomOfDomains(1).get('theirs.example') === 1);
      expect(relays.room(1)).toBe(11);
      slow.letGo();
      await sending;
      expect(relays.roomOfDomains(0)).toEqual(new Map([['theirs.example', 2]]));
      nowMs += 300_000;
      expect(relays.roomOfDomains(0)).toEqual(new Map());
    });

    it('put off what no other relay takes, with their own words, and hear of that domain no more for five minutes', async () => {
      const { named, relay } = await aChoosyRelay();
      const relays = relaysOf(relay, { name: 'down', priority: 2, sender: new RelayAtHand({ before: () => down }) });
      await sendTo(relays, ours);
      for (let attempt = 0; attempt < 3; attempt++) expect(await sendTo(relays, theirs)).toMatchObject({ kind: 'retry', stage: 'rcpt', reply: '554 5.7.1 Relay access denied' });
      expect([named('theirs.example'), relays.room(0), relays.roomOfDomains(0).get('theirs.example')]).toEqual([1, 10, 0]);
    });

    it('may be met with a mail for others first: the next one that they take shows what they meant', async () => {
      const { named, relay } = await aChoosyRelay();
      const relays = relaysOf(relay);
      expect(await sendTo(relays, theirs)).toMatchObject({ kind: 'relay-refused' });
      nowMs += 5_000;
      expect(await sendTo(relays, ours)).toMatchObject({ kind: 'sent' });
      expect([await sendTo(relays, theirs), named('theirs.example'), relays.readiness()]).toMatchObject([{ kind: 'retry' }, 2, { ready: true }]);
    });

    it('are told from those that refuse us by what they took before: mails for that very domain, or none for ten minutes', async () => {
      for (const [before, passed, to] of [[[ours, theirs], 0, theirs], [[ours], 600_001, theirs]] as const) {
        const script = { broken: false };
        const relays = relaysOf({ name: 'only', sender: new RelayAtHand({ before: () => (script.broken ? denied : null) }) });
        for (const address of before) await sendTo(relays, address);
        script.broken = true;
        nowMs += passed;
        expect(await sendTo(relays, to)).toMatchObject({ kind: 'relay-refused' });
        nowMs += 5_000;
        expect(await sendTo(relays, 'kim@never.example')).toMatchObject({ kind: 'relay-refused' });
        expect(relays.readiness()).toMatchObject({ ready: false });
      }
    });
  });

  it('say what they wait for until a session can be opened again', async () => {
    const sink = await talking.aSink({ rules: [{ stage: 'connect', behaviour: { kind: 'reply', code: 554, text: '5.7.1 no service' }, times: 1 }] });
    const relays = relaysOf({ name: 'sink', sender: talking.aRelay(sink) });
    await relays.send(aMail(), wanted);
    expect(relays.readiness()).toEqual({ ready: false, waitingFor: 'sink: greeting: 554 5.7.1 no service' });
    nowMs += 5_000;
    await relays.probe();
    expect([relays.readiness(), verbsOf(sink)]).toEqual([{ ready: true }, ['EHLO']]);
    await relays.send(aMail(), wanted);
    expect([sink.mails.length, sink.connectionCount]).toEqual([1, 2]); // the one that refused, and the probe's own, kept
  });
});
