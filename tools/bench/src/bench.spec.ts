import { readCommandLine } from './command-line.ts';
import { backlogOf, backlogOverTime } from './measure/backlog.ts';
import type { Clock } from './measure/clock.ts';
import { Histogram } from './measure/histogram.ts';
import { climb, verdictOn, type StepFigures, type StepVerdict } from './measure/knee.ts';
import { runOpenLoop, type SendOutcome } from './measure/open-loop.ts';
import { spreadOf } from './measure/spread.ts';
import { simulatedClock } from './testing/simulated-clock.ts';

describe('the histogram', () => {
  it('keeps three significant digits from a microsecond to half an hour', () => {
    for (let value = 1; value < 2 ** 31; value = Math.ceil(value * 1.37)) {
      const histogram = new Histogram();
      histogram.record(value);
      histogram.record(2 ** 31 - 1);
      const read = histogram.percentile(50);
      expect(read).toBeGreaterThanOrEqual(value);
      expect(read - value).toBeLessThanOrEqual(value / 1_000);
    }
  });

  it('gives the value that the share of all values does not exceed', () => {
    const histogram = new Histogram();
    for (let value = 1; value <= 1_000; value++) histogram.record(value);
    expect([50, 90, 99, 99.9, 100].map((percent) => histogram.percentile(percent))).toEqual([500, 900, 990, 999, 1_000]);
  });

  it('knows the least and the most exactly, also where it counts in steps', () => {
    const histogram = new Histogram();
    for (const value of [1_234_567, 7_654_321]) histogram.record(value);
    expect(histogram.percentiles()).toMatchObject({ samples: 2, minMs: 1_234.567, maxMs: 7_654.321 });
  });

  it('arrives whole in another process', () => {
    const histogram = new Histogram();
    for (const value of [0, 3, 3, 2_047, 2_048, 99_999, 2 ** 31 - 1]) histogram.record(value);
    const copy = Histogram.from(structuredClone(histogram.state()));
    expect(copy.percentiles()).toEqual(histogram.percentiles());
    copy.add(histogram.state());
    expect(copy.count).toBe(14);
  });

  it('says 0 of nothing', () => {
    expect(new Histogram().percentiles()).toMatchObject({ samples: 0, minMs: 0, p99Ms: 0, maxMs: 0 });
  });
});

describe('the open loop', () => {
  const plan = { ratePerSecond: 100, seconds: 10, timeoutMs: 5_000 };
  const answerAfter = async (clock: Clock, milliseconds: number): Promise<SendOutcome> => {
    await clock.wait(milliseconds);
    return { kind: 'done' };
  };

  it('sends everything that is due, however slow the answers are', async () => {
    const clock = simulatedClock();
    const result = await clock.run(runOpenLoop(plan, () => answerAfter(clock, 4_000), clock));
    expect(result.offered).toBe(1_000);
    expect(result.succeeded).toBe(1_000);
    expect(result.lateness.percentile(100)).toBeLessThanOrEqual(1_000);
  });

  it('counts a stall against every request that fell due in it', async () => {
    const clock = simulatedClock();
    // One server that takes requests in turn, 1 ms each, and stands still for two seconds.
    let freeAt = 0;
    const send = async (index: number): Promise<SendOutcome> => {
      const stallMs = index === 300 ? 2_000 : 0;
      freeAt = Math.max(freeAt, clock.now()) + 1 + stallMs;
      return answerAfter(clock, freeAt - clock.now());
    };
    const { latency } = await clock.run(runOpenLoop(plan, send, clock));
    // A fifth of all requests fell due while it stood still: a closed loop would have sent one.
    expect(latency.percentile(75)).toBeLessThan(10_000);
    expect(latency.percentile(90)).toBeGreaterThan(900_000);
    expect(latency.percentile(99)).toBeGreaterThan(1_800_000);
  });

  it('keeps errors and timeouts in the histogram, and tells them by reason', async () => {
    const clock = simulatedClock();
    const send = async (index: number): Promise<SendOutcome> => {
      if (index % 4 === 0) return { kind: 'failed', reason: 'HTTP 503' };
      if (index % 4 === 1) throw new Error('ECONNRESET');
      return answerAfter(clock, index % 4 === 2 ? 5_001 : 3);
    };
    const result = await clock.run(runOpenLoop(plan, send, clock));
    expect([...result.failures].sort()).toEqual([['ECONNRESET', 250], ['HTTP 503', 250], ['timeout', 250]]);
    expect(result.succeeded).toBe(250);
    expect(result.latency.count).toBe(1_000);
    expect(result.latency.percentile(80)).toBeGreaterThanOrEqual(5_000_000);
  });

  it('does not wait for ever for an answer that never comes', async () => {
    const clock = simulatedClock();
    const result = await clock.run(runOpenLoop(plan, () => new Promise(() => undefined), clock));
    expect(result.failures).toEqual(new Map([['timeout', 1_000]]));
    expect(result.latency.count).toBe(1_000);
  });

  it('counts answers that come late into the time they took to come', async () => {
    const clock = simulatedClock();
    const { succeeded, elapsedSeconds } = await clock.run(runOpenLoop(plan, () => answerAfter(clock, 2_500), clock));
    expect(succeeded / elapsedSeconds).toBeLessThan(plan.ratePerSecond * 0.99);
  });
});

describe('the knee', () => {
  const held: StepFigures = { offeredPerSecond: 1_000, achievedPerSecond: 999, failed: 0, p99Ms: 20, backlog: { max: 40, growthPerSecond: 2 } };

  it.each<[StepVerdict, Partial<StepFigures>]>([
    ['held', {}],
    ['errors', { failed: 1 }],
    ['saturated', { achievedPerSecond: 989 }],
    ['backlog grows', { backlog: { max: 2_000, growthPerSecond: 200 } }],
    ['slow', { p99Ms: 101 }],
  ])('calls a step %s', (verdict, change) => {
    expect(verdictOn({ ...held, ...change }, 100)).toBe(verdict);
  });

  it('is the last rate that held, and nothing is tried beyond the first that did not', async () => {
    const tried: number[] = [];
    const { kneePerSecond } = await climb([100, 200, 300, 400], (rate) => {
      tried.push(rate);
      return Promise.resolve({ verdict: rate < 300 ? ('held' as const) : ('slow' as const) });
    });
    expect(kneePerSecond).toBe(200);
    expect(tried).toEqual([100, 200, 300]);
  });

  it('is 0 where not even the first rate holds', async () => {
    expect(await climb([100, 200], () => Promise.resolve({ verdict: 'errors' as const }))).toEqual({ kneePerSecond: 0, steps: [{ verdict: 'errors' }] });
  });
});

describe('the backlog', () => {
  it('grows by what is taken and not done', () => {
    const takenAt = Array.from({ length: 1_000 }, (_, index) => index * 10);
    const doneAt = Array.from({ length: 600 }, (_, index) => index * (1_000 / 60));
    const { max, growthPerSecond } = backlogOf(backlogOverTime(takenAt, doneAt, { from: 0, to: 9_990, everyMs: 250 }));
    expect(max).toBeGreaterThan(380);
    expect(growthPerSecond).toBeCloseTo(40, 0);
  });

  it('does not grow where everything is done after the same delay', () => {
    const takenAt = Array.from({ length: 1_000 }, (_, index) => 1_000 + index * 10);
    const doneAt = takenAt.map((at) => at + 200);
    const { growthPerSecond } = backlogOf(backlogOverTime(takenAt, doneAt, { from: 1_500, to: 10_990, everyMs: 250 }));
    expect(growthPerSecond).toBeCloseTo(0, 1);
  });
});

describe('several runs', () => {
  it('are told by their median and by what they lie between', () => {
    expect(spreadOf([30, 10, 20])).toEqual({ min: 10, median: 20, max: 30 });
    expect(spreadOf([4, 1, 3, 2])).toEqual({ min: 1, median: 2.5, max: 4 });
  });
});

describe('the command line', () => {
  const optionsOf = (...args: string[]) => {
    const command = readCommandLine(args);
    if (command.kind !== 'run') throw new Error(`expected a run, got ${JSON.stringify(command)}`);
    return command.options;
  };

  it('shows the help where no benchmark is named', () => {
    expect(readCommandLine([])).toEqual({ kind: 'help' });
    expect(readCommandLine(['P1', '--help'])).toEqual({ kind: 'help' });
  });

  it('takes benchmarks in any case, or all of them', () => {
    expect(optionsOf('p1', 'P8').benchmarks).toEqual(['P1', 'P8']);
    expect(optionsOf('all').benchmarks).toEqual(['P1', 'P2', 'P3', 'P4', 'P7', 'P8']);
  });

  it('takes every option', () => {
    const args = 'P2 --transport kafka --users 7 --seconds 20 --runs 5 --rate-ladder 10,20,30 --p99-bound-ms 50 --connections 8'.split(' ');
    expect(optionsOf(...args)).toMatchObject({ transports: ['kafka'], users: 7, seconds: 20, runs: 5, rateLadder: [10, 20, 30], p99BoundMs: 50, connections: 8, quick: false });
  });

  it('lets options win over those of a quick run', () => {
    expect(optionsOf('P1', '--quick', '--seconds', '2')).toMatchObject({ quick: true, seconds: 2, runs: 1 });
  });

  it.each([
    [['P5'], 'P5'],
    [['P1', '--transport', 'pigeon'], 'pigeon'],
    [['P1', '--rate-ladder', '200,100'], 'ascend'],
    [['P1', '--seconds', '0'], '--seconds'],
    [['P1', '--frobnicate'], '--frobnicate'],
  ])('refuses %j and says why', (args, reason) => {
    expect(readCommandLine(args)).toEqual({ kind: 'fault', message: expect.stringContaining(reason) });
  });
});
