import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { localPorts } from '@rekey/local-stack';
import { claimOffset } from './ports.ts';
import { root, spawnProgram, startProgram, type StartedProgram } from './started-program.ts';

export interface StartedRekey extends StartedProgram {
  readonly offset: number;
  /** `https://localhost:<9443 + offset>`: links begin with it. */
  readonly baseUrl: string;
  /** The same routes without TLS. */
  readonly httpUrl: string;
  readonly inboxUrl: string;
  /** Its data folder, removed by `stop`; given folders stay. */
  readonly home: string;
}

export interface RekeyOptions {
  /** Stands in for parts of the shipped `deployment.toml`: `[find, replacement]`, each of which must be found. */
  readonly edits?: readonly (readonly [string | RegExp, string])[];
  /** A data folder of an earlier start. */
  readonly home?: string;
  readonly offset?: number;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** A JavaScript file, from the root of the checkout; default: what `npm start` runs. */
  readonly script?: string;
  readonly args?: readonly string[];
}

const standalone = 'apps/standalone/dist/main.js';
/** A test does in a minute what people do in a day, and all from one address. */
const unhurriedLimits = '\n[rate_limit]\nrequests_per_address_per_minute = 1000000\nmails_per_account_per_hour = 1000\n';

/** Starts Rekey with the shipped `deployment.toml` on ports of its own and an empty data folder. */
export async function startRekey(options: RekeyOptions = {}): Promise<StartedRekey> {
  const { offset, home, env, remove } = await prepare(options);
  const { script = standalone, args = [] } = options;
  const { https, http, inboxWeb } = localPorts(offset);
  const program = await startProgram({ script, args, env, readyWhen: /Rekey is ready/ }).catch(async (error: unknown) => {
    await remove();
    throw error;
  });
  return {
    ...program,
    offset,
    home,
    baseUrl: `https://localhost:${https}`,
    httpUrl: `http://127.0.0.1:${http}`,
    inboxUrl: `http://127.0.0.1:${inboxWeb}`,
    stop: async () => {
      const code = await program.stop();
      await remove();
      return code;
    },
  };
}

/** A start that is to fail: what it printed, and its exit code. */
export async function failingStart(options: RekeyOptions = {}): Promise<{ readonly output: string; readonly code: number | null }> {
  const { env, remove } = await prepare(options);
  const program = await spawnProgram({ script: options.script ?? standalone, args: options.args ?? [], env });
  const { code } = await program.ended;
  await remove();
  return { output: program.output(), code };
}

async function prepare({ edits = [], home: givenHome, offset: givenOffset, env = {} }: RekeyOptions) {
  const claimed = givenOffset === undefined ? await claimOffset() : { offset: givenOffset, release: async () => undefined };
  const { offset } = claimed;
  const folder = await mkdtemp(path.join(tmpdir(), 'rekey-'));
  const file = path.join(folder, 'deployment.toml');
  const shipped = await readFile(path.join(root, 'deployment.toml'), 'utf8');
  await writeFile(file, [[/^offset = 0/m, `offset = ${offset}`] as const, ...edits].reduce(edited, shipped) + unhurriedLimits);
  const home = givenHome ?? path.join(folder, 'home');
  return {
    offset,
    home,
    env: { REKEY_CONFIG: file, REKEY_HOME: home, REKEY_LOCAL: undefined, ...env },
    remove: async () => {
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
      await claimed.release();
    },
  };
}

function edited(toml: string, [find, replacement]: readonly [string | RegExp, string]): string {
  const after = toml.replace(find, () => replacement);
  if (after === toml) throw new Error(`the shipped deployment.toml has no ${String(find)}`);
  return after;
}
