import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const oldestJava = 17;

/** What this machine lacks for a real broker, in one line for a person; `null` if nothing. Takes some 50 ms, for starting Java. */
export function missingForKafka(): string | null {
  const java = javaVersion();
  const missing: string[] = [];
  if (java === undefined) missing.push(`Java ${oldestJava} or later (java)`);
  else if (java < oldestJava) missing.push(`Java ${oldestJava} or later (java is ${java})`);
  if (!isOnPath('mvn')) missing.push('Maven (mvn)');
  if (missing.length === 0) return null;
  return `${missing.join(' and ')} not found: install ${missing.length === 1 ? 'it' : 'them'} (Debian: apt-get install openjdk-17-jre-headless maven), or set KAFKA_BROKERS to a broker of your own (with Docker: docker run -p 9092:9092 apache/kafka, and KAFKA_BROKERS=localhost:9092)`;
}

function javaVersion(): number | undefined {
  const { stderr, error } = spawnSync('java', ['-version'], { encoding: 'utf8', env: process.env });
  if (error !== undefined) return undefined;
  const major = /version "(\d+)/.exec(stderr)?.[1];
  return major === undefined ? undefined : Number(major);
}

function isOnPath(program: string): boolean {
  const names = process.platform === 'win32' ? [`${program}.cmd`, `${program}.exe`] : [program];
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.some((folder) => names.some((name) => isExecutable(join(folder, name))));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
