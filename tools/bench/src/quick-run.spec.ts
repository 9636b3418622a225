import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { checkout } from './system/checkout.ts';

const run = promisify(execFile);
const start = path.join(checkout, 'tools/run/start.mjs');

/** Everything is done once and briefly: whether it works, never how fast. */
describe('npm run bench', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), 'rekey-bench-results-'))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('measures requests, deliveries and queued mails, prints a table and writes the results', async () => {
    const { stdout } = await run(process.execPath, [start, 'bench', 'P1', 'P2', 'P3', '--quick', '--transport', 'embedded', '--rate-ladder', '10,20', '--p99-bound-ms', '10000', '--results', folder], { cwd: checkout });
    expect(stdout).toMatch(/embedded, http +\d/);
    expect(stdout).toMatch(/embedded, https +\d/);
    const files = (await readdir(folder)).sort();
    expect(files).toEqual([expect.stringMatching(/^p1-\d{4}-\d{2}-\d{2}\.json$/), expect.stringMatching(/^p2-/), expect.stringMatching(/^p3-/)]);

    const [requests, deliveries, queue] = await Promise.all(files.map(async (file) => JSON.parse(await readFile(path.join(folder, file), 'utf8'))));
    const steps = [...requests.results, ...deliveries.results].flatMap(({ climbs }) => climbs.flat());
    expect(steps.length).toBeGreaterThan(0);
    for (const { failures, latency } of steps) {
      expect(failures).toEqual({});
      expect(latency.samples).toBeGreaterThan(0);
    }
    for (const { missing, duplicates } of deliveries.results.flatMap(({ climbs }: { climbs: unknown[][] }) => climbs.flat())) expect([missing, duplicates]).toEqual([0, 0]);
    expect(queue.results[0].runs).toMatchObject([{ workers: 1, mails: 500, duplicates: 0 }]);
    expect(requests.environment.versions.node).toBe(process.versions.node);
    expect(requests.results[0].settings).toMatchObject({ fsync: 'on', synchronous_commit: 'on' });
  }, 120_000);

  it('lists benchmarks and options', async () => {
    const { stdout } = await run(process.execPath, [start, 'bench'], { cwd: checkout });
    for (const word of ['P1', 'P2', 'P3', 'P4', 'P7', 'P8', '--transport', '--rate-ladder', '--quick']) expect(stdout).toContain(word);
  });
});
