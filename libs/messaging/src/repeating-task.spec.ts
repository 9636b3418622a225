import { until } from '@rekey/test-kit';
import { RepeatingTask } from './repeating-task.ts';
import { gate } from './testing/gate.ts';

const never = 3_600_000;

describe('a repeating task', () => {
  let task: RepeatingTask | undefined;
  afterEach(async () => task?.stop());
  const started = (work: () => Promise<boolean> | boolean, { everyMs = never, leastMsApart = 0, onError = (error: unknown): void => expect(error).toBeUndefined() } = {}): RepeatingTask => {
    task = new RepeatingTask(async () => work(), { everyMs, leastMsApart, onError });
    task.start();
    return task;
  };

  it('works when started, when woken, and now and then by itself', async () => {
    let runs = 0;
    const waiting = started(() => ++runs < 0);
    await until(() => runs, (n) => n === 1);
    waiting.wake();
    await until(() => runs, (n) => n === 2);
    await waiting.stop();

    runs = 0;
    started(() => ++runs < 0, { everyMs: 1 });
    await until(() => runs, (n) => n >= 3);
  });

  it('keeps its runs apart, but for the first, and does at its end what it was woken for', async () => {
    let runs = 0;
    const spaced = started(() => ++runs < 0, { leastMsApart: never });
    await until(() => runs, (n) => n === 1);
    await afterTurns(5);
    for (let wake = 0; wake < 3; wake++) spaced.wake();
    await afterTurns(5);
    expect(runs).toBe(1);
    await spaced.stop();
    expect(runs).toBe(2);
  });

  it('does at its end also what it was woken for during a run', async () => {
    const [entered, leave] = [gate(), gate()];
    let runs = 0;
    const spaced = started(async () => {
      runs++;
      entered.open();
      await leave.opened;
      return false;
    }, { leastMsApart: never });
    await entered.opened;
    spaced.wake();
    const stopped = spaced.stop();
    spaced.wake();
    leave.open();
    await stopped;
    await spaced.stop();
    expect(runs).toBe(2);
  });

  it('goes on at once as long as there is more to do', async () => {
    let left = 5;
    started(() => --left > 0);
    await until(() => left, (n) => n === 0);
  });

  it('is never at work twice at a time; a wake meanwhile leads to another run, many wakes to one', async () => {
    const [first, leave] = [gate(), gate()];
    let [runs, atWork] = [0, 0];
    const waking = started(async () => {
      runs++;
      expect(++atWork).toBe(1);
      first.open();
      await leave.opened;
      atWork--;
      return false;
    });
    await first.opened;
    for (let i = 0; i < 10; i++) waking.wake();
    leave.open();
    await until(() => runs, (n) => n === 2);
    await waking.stop();
    expect(runs).toBe(2);
  });

  it.each(Array.from({ length: 12 }, (_, turns) => turns))('misses no wake that comes %i turns after a run’s last look', async (turns) => {
    let runs = 0;
    const waking = started(() => {
      if (++runs === 1) void afterTurns(turns).then(() => waking.wake());
      return false;
    });
    await until(() => runs, (n) => n === 2);
  });

  it('tells of a failure, rests, and tries again, however often it is woken meanwhile', async () => {
    const failures: unknown[] = [];
    let runs = 0;
    const failing = started(
      () => {
        if (++runs < 3) throw new Error(`failure ${runs}`);
        return false;
      },
      { onError: (error) => failures.push(error) },
    );
    await until(() => failures.length, (n) => n === 1);
    for (let i = 0; i < 100; i++) failing.wake();
    expect(runs).toBe(1);
    await until(() => runs, (n) => n === 3);
    expect(failures).toEqual([new Error('failure 1'), new Error('failure 2')]);
    failing.wake();
    await until(() => runs, (n) => n === 4);
  });

  it('finishes the run in hand when stopped, and begins no other', async () => {
    const [entered, leave] = [gate(), gate()];
    let [runs, finished] = [0, 0];
    const stopping = started(async () => {
      runs++;
      entered.open();
      await leave.opened;
      finished++;
      return true;
    });
    await entered.opened;
    const stopped = stopping.stop();
    stopping.wake();
    leave.open();
    await stopped;
    stopping.wake();
    expect([runs, finished]).toEqual([1, 1]);
  });
});

async function afterTurns(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await Promise.resolve();
}
