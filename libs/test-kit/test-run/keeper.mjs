// Waits for a test run to end in whatever way, kill -9 and Ctrl-C too, and ends what it left running. Arguments: its pid, its folder.
import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { endRun, isRunning } from './end-run.mjs';

const [pid, folder] = process.argv.slice(2);
while (isRunning(Number(pid)) && existsSync(folder)) await pause(250);
await endRun(folder);
