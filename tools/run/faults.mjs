// `npm run faults`: what takes too long to be tested at every change, by tests/faults: kills at every step, at random, a Kafka that is away, poison.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { root } from './prepare.mjs';
import { readOptions, requireNumbers } from './read-options.mjs';

const usage = `
npm run faults -- [kill-points] [random-kills] [kafka] [poison] [zombies] [bounds] [--times N] [--kills N] [--seed N] [--points K1,K2] [--minutes N] [--requests N]

Breaks the services on purpose, each time over a Kafka, a PostgreSQL and a relay of its own, and looks at the invariants after every fault.
Without a name, all of these, which takes two hours on two cores that do nothing else:

  kill-points     each process is killed at each of its steps, K1 to K20, so many times (--times, default 20); --points names some of them
  random-kills    any process is killed at any time, so many times (--kills, default 200), while people ask for links and set passwords
  kafka           away for so many minutes (--minutes, default 10), bounced ten times under load, its topic deleted, all its events read again
  poison          a thousand events that cannot be used, as many between others, and one that kills whoever reads it
  zombies         notification services that stand still for longer than their leases and sessions, or are told twice to end
  bounds          what people wait for while Kafka, the relay or the notification service is away (--requests, default 300 each), and what the services have of the machine

Prints the figures of each; fails with the kill point, or the seed and the number of the kill, that shows it again.
`;

const options = /** @type {const} */ ({ times: { type: 'string', default: '20' }, kills: { type: 'string', default: '200' }, seed: { type: 'string' }, points: { type: 'string' }, minutes: { type: 'string', default: '10' }, requests: { type: 'string', default: '300' } });
const { times, kills, seed = String(Math.floor(Math.random() * 2 ** 31)), points, minutes, requests, positionals } = readOptions(usage, options, { allowPositionals: true });
requireNumbers({ times, kills, seed, minutes, requests });
const env = { ...process.env, FAULTS_SEED: seed, FAULTS_TIMES: times, FAULTS_KILLS: kills, FAULTS_MINUTES: minutes, FAULTS_REQUESTS: requests, ...(points === undefined ? {} : { FAULTS_POINTS: points }), REQUIRE_KAFKA: '1' };
const files = positionals.map((name) => `tests/faults/${name}.faults.ts`);
process.exit(spawnSync(process.execPath, [path.join(root, 'tools/run/test.mjs'), '--config', 'tests/faults/jest.config.mjs', ...files], { cwd: root, stdio: 'inherit', env }).status ?? 1);
