// `npm start` and its relatives: makes the checkout ready, then runs the program in this very process.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { fail, prepare, root } from './prepare.mjs';

const programs = {
  standalone: 'apps/standalone',
  'recovery-service': 'apps/recovery-service',
  'notification-service': 'apps/notification-service',
  gateway: 'apps/gateway',
  inbox: 'apps/inbox',
  distributed: 'tools/distributed',
  kafka: 'tools/kafka',
  database: 'tools/database',
  bench: 'tools/bench',
  cli: 'tools/cli',
};
const lookForNpmEveryMs = 200;

const [name = '', ...rest] = process.argv.slice(2);
const program = Object.hasOwn(programs, name) ? programs[name] : fail(`no program named "${name}": expected one of ${Object.keys(programs).join(', ')}`);

await prepare();
if (process.env.npm_lifecycle_event !== undefined && process.platform !== 'win32') endWithNpm();
process.argv = [process.argv[0], path.join(root, program, 'dist/main.js'), ...rest];
await import(pathToFileURL(process.argv[1]).href);

/** npm passes a SIGTERM on to the shell that it runs scripts in, and that dies of it without telling this process. */
function endWithNpm() {
  const shell = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, lookForNpmEveryMs);
  timer.unref();
}
