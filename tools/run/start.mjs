// `npm start` and its relatives: makes the checkout ready, then runs the program in this very process.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { fail, prepare, root } from './prepare.mjs';

const programs = {
  standalone: 'apps/standalone',
  'recovery-service': 'apps/recovery-service',
  'notification-service': 'apps/notification-service',
  distributed: 'tools/distributed',
  kafka: 'tools/kafka',
  database: 'tools/database',
  bench: 'tools/bench',
};

const [name = '', ...rest] = process.argv.slice(2);
const program = Object.hasOwn(programs, name) ? programs[name] : fail(`no program named "${name}": expected one of ${Object.keys(programs).join(', ')}`);

await prepare();
process.argv = [process.argv[0], path.join(root, program, 'dist/main.js'), ...rest];
await import(pathToFileURL(process.argv[1]).href);
