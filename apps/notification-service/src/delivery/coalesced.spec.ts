import { Coalesced } from './coalesced.ts';

describe('coalesced calls', () => {
  /** A run that is under way until the test ends it. */
  function aRun() {
    const runs: { readonly items: readonly number[]; readonly end: (results?: readonly number[]) => void; readonly fail: (error: Error) => void }[] = [];
    const run = (items: readonly number[]): Promise<readonly number[]> =>
      new Promise((resolve, reject) => runs.push({ items, end: (results = items.map((item) => item * 10)) => resolve(results), fail: reject }));
    return { runs, run };
  }
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it('run a lone one at once', async () => {
    const { runs, run } = aRun();
    const answer = new Coalesced(run).call(1);
    await turn();
    expect(runs.map(({ items }) => items)).toEqual([[1]]);
    runs[0]?.end();
    expect(await answer).toBe(10);
  });

  it('run those of one turn together, and give each its own answer', async () => {
    const { runs, run } = aRun();
    const coalesced = new Coalesced(run);
    const answers = Promise.all([1, 2, 3].map((item) => coalesced.call(item)));
    await turn();
    expect(runs.map(({ items }) => items)).toEqual([[1, 2, 3]]);
    runs[0]?.end();
    expect(await answers).toEqual([10, 20, 30]);
  });

  it('wait for the run under way, and make up the next one', async () => {
    const { runs, run } = aRun();
    const coalesced = new Coalesced(run);
    const first = coalesced.call(1);
    await turn();
    const others = [2, 3].map((item) => coalesced.call(item));
    await turn();
    expect(runs).toHaveLength(1);
    runs[0]?.end();
    await first;
    await turn();
    expect(runs.map(({ items }) => items)).toEqual([[1], [2, 3]]);
    runs[1]?.end();
    expect(await Promise.all(others)).toEqual([20, 30]);
  });

  it('are never more in one run than allowed, and keep their order', async () => {
    const seen: (readonly number[])[] = [];
    const coalesced = new Coalesced<number, number>((items) => {
      seen.push(items);
      return Promise.resolve(items);
    }, { mostAtOnce: 2 });
    expect(await Promise.all([1, 2, 3, 4, 5].map((item) => coalesced.call(item)))).toEqual([1, 2, 3, 4, 5]);
    expect(seen).toEqual([[1, 2], [3, 4], [5]]);
  });

  it('fail together with their run, and no other’s', async () => {
    const { runs, run } = aRun();
    const coalesced = new Coalesced(run);
    const failing = Promise.allSettled([1, 2].map((item) => coalesced.call(item)));
    await turn();
    const later = coalesced.call(3);
    runs[0]?.fail(new Error('no database'));
    expect(await failing).toEqual([1, 2].map(() => ({ status: 'rejected', reason: new Error('no database') })));
    await turn();
    runs[1]?.end();
    expect(await later).toBe(30);
  });

  it('fail where the run is thrown over before it began', async () => {
    const coalesced = new Coalesced<number, number>(() => {
      throw new Error('no connection');
    });
    await expect(coalesced.call(1)).rejects.toThrow('no connection');
    await expect(coalesced.call(2)).rejects.toThrow('no connection');
  });

  it('are told where the run has forgotten one of them', async () => {
    const coalesced = new Coalesced<number, number>(() => Promise.resolve([10]));
    const [first, second] = await Promise.allSettled([coalesced.call(1), coalesced.call(2)]);
    expect([first, second?.status]).toEqual([{ status: 'fulfilled', value: 10 }, 'rejected']);
  });
});
