// `npm run soak`: the soak of tests/soak.spec.ts, longer and by a seed: mails asked for while services, and what they stand on, go away and come back at random.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { root } from './prepare.mjs';
import { readOptions, requireNumbers } from './read-options.mjs';

const usage = `
npm run soak -- [--seed N] [--mails N] [--minutes N]

Asks for a recovery of so many people (default 1000) over so many minutes (default 3), while notification and recovery services are killed,
stopped and started at random, PostgreSQL and Kafka are restarted, and the relay is away. One service of each kind is spared: what memory and files
it has is printed with the sums. Fails where a mail is lost, or is there twice though its answer was not lost, or any other invariant does not hold.
A seed repeats what was broken and when, as far as processes let it.
`;

const { seed = String(Math.floor(Math.random() * 2 ** 31)), mails, minutes } = readOptions(usage, { seed: { type: 'string' }, mails: { type: 'string', default: '1000' }, minutes: { type: 'string', default: '3' } });
requireNumbers({ seed, mails, minutes });
const env = { ...process.env, SOAK_SEED: seed, SOAK_MAILS: mails, SOAK_MINUTES: minutes, REQUIRE_KAFKA: '1' };
process.exit(spawnSync(process.execPath, [path.join(root, 'tools/run/test.mjs'), 'tests/soak.spec.ts'], { cwd: root, stdio: 'inherit', env }).status ?? 1);
