import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { checkout } from './checkout.ts';

export interface DeploymentUnderLoad {
  readonly offset: number;
  readonly relayPort: number;
  /** Of each notification service; null, or absent: the default. */
  readonly mailsAtOnce?: number | null;
}

/** The most that `most_waiting` takes: a queue is filled before anything of it is sent. */
const longestQueue = 10_000_000;

/** The `deployment.toml` under load: the defaults, the benchmark's ports and its relay, and room for a queue of any length. @returns the file */
export async function writeDeployment(folder: string, { offset, relayPort, mailsAtOnce }: DeploymentUnderLoad): Promise<string> {
  return write(
    folder,
    `[server]
offset = ${offset}

[identity_mgt.password_reset_email]
enable_password_reset_email = true

[output_adapter.email]
hostname = "127.0.0.1"
port = ${relayPort}
from_address = "no-reply@localhost"
enable_start_tls = false
enable_authentication = false

[delivery]
most_waiting = ${longestQueue}
${mailsAtOnce == null ? '' : `concurrency = ${mailsAtOnce}\n`}`,
  );
}

/** The shipped file on other ports. @returns the file */
export async function writeStartDeployment(folder: string, offset: number): Promise<string> {
  const shipped = await readFile(path.join(checkout, 'deployment.toml'), 'utf8');
  const shifted = shipped.replace(/^offset *=.*$/m, `offset = ${offset}`);
  if (!shifted.includes(`offset = ${offset}`)) throw new Error('the shipped deployment.toml has no [server] offset to change');
  return write(folder, shifted);
}

async function write(folder: string, toml: string): Promise<string> {
  const file = path.join(folder, 'deployment.toml');
  await writeFile(file, toml);
  return file;
}
