import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LocalStackError, systemCode, type LocalStackLog } from '@rekey/local-stack';
import { missingForKafka } from './missing-for-kafka.ts';

export const kafkaVersion = '4.4.0';
const pom = fileURLToPath(new URL('../pom.xml', import.meta.url));

/**
 * Where the broker's jars are kept, for every checkout and run of this user: `$XDG_CACHE_HOME/rekey` or `~/.cache/rekey`. The name
 * holds a digest of the pom, so a changed one is fetched anew.
 */
async function jarsFolder(): Promise<string> {
  const digest = createHash('sha256').update(await readFile(pom)).digest('hex').slice(0, 8);
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'rekey', `kafka-${kafkaVersion}-${digest}`);
}

async function hasJars(): Promise<boolean> {
  return isThere(await jarsFolder());
}

/** @throws LocalStackError naming what this machine lacks; Maven is needed for fetching alone */
export async function assertKafkaCanStart(): Promise<void> {
  const missing = missingForKafka();
  if (missing !== null && !(missing.startsWith('Maven') && (await hasJars()))) throw new LocalStackError(`cannot start Kafka: ${missing}`);
}

/**
 * Fetches Kafka from Maven Central unless it is there. Two processes may do so at once: each fetches into a folder of its own, one is kept.
 *
 * @returns the folder of the jars
 * @throws LocalStackError with what Maven said
 */
export async function fetchJars(log: LocalStackLog): Promise<string> {
  const folder = await jarsFolder();
  if (await isThere(folder)) return folder;
  log.info(`fetching Apache Kafka ${kafkaVersion} from Maven Central (44 MB, once)`);
  const unfinished = `${folder}.${process.pid}`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  try {
    await runMaven(['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${unfinished}`]);
    await rename(unfinished, folder);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    if (systemCode(error) !== 'ENOTEMPTY' && systemCode(error) !== 'EEXIST') throw error;
  }
  return folder;
}

async function runMaven(goals: string[]): Promise<void> {
  const child = spawn('mvn', ['--batch-mode', '--quiet', '-Dstyle.color=never', '--file', pom, ...goals], { stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (code === 0) return;
  const reason = output.split('\n').find((line) => line.includes('ERROR')) ?? output.trim().split('\n').at(-1) ?? '';
  throw new LocalStackError(`Maven could not fetch Apache Kafka: ${reason.trim()}`);
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
