import { mkdir, open, rm } from 'node:fs/promises';
import path from 'node:path';
import { generateKeys, type LocalKeys } from '@rekey/local-stack';
import { personPath } from '../person-path.ts';
import { readArguments } from '../read-arguments.ts';
import { Fault, type Command } from '../terminal.ts';

const usage = `
rekey keys new [--out FOLDER]

Makes a sealing key pair (X25519: recovery keys travel sealed to it) and a signing key pair (Ed25519: events are signed with it), each with a
"kid" of its own, and prints them as lines for deployment.toml and as environment variables. Nothing that is there is changed:
docs/rotate-keys.md tells how they come into use.

  --out FOLDER   writes keys.toml and keys.env there, for your eyes only, and prints no key. The folder is made; files that are there are kept
`;

export const keysNew: Command = {
  summary: 'makes a sealing and a signing key pair',
  usage,
  async run(args, terminal) {
    const { values } = readArguments('keys new', args, { out: { type: 'string' } }, 0);
    const keys = await generateKeys();
    const files = [['keys.toml', tomlOf(keys)], ['keys.env', variablesOf(keys)]] as const;
    if (values.out === undefined) return terminal.out(files.map(([, text]) => text).join('\n'));
    const out = personPath(values.out, terminal);
    await writeAll(out, files);
    terminal.out(`wrote ${files.map(([name]) => path.join(out, name)).join(' and ')}: sealing key ${keys.sealing.publicKey.kid}, signing key ${keys.signing.publicKey.kid}\n`);
  },
};

function tomlOf({ sealing, signing }: LocalKeys): string {
  return `# For deployment.toml. Private keys go to the one service that needs them, and are better kept in the environment.

# Whoever publishes recovery events seals to this one.
[keys.sealing]
public_key = '${JSON.stringify(sealing.publicKey)}'
# The notification service alone has these. Put a new one first, and leave the older ones: what was sealed to them is still on its way.
private_keys = ['${JSON.stringify(sealing.privateKey)}']

# Of the service that signs with it, and of no other.
[keys.signing]
private_key = '${JSON.stringify(signing.privateKey)}'

# In the file of every service that is to believe it, beside the entry of the older key.
[[event_publisher]]
source = "urn:rekey:recovery-service"    # or another service's name
public_key = '${JSON.stringify(signing.publicKey)}'
link_bases = ["https://id.example.com"]  # where links in its events may lead
`;
}

function variablesOf({ sealing, signing }: LocalKeys): string {
  const variables = { SEALING_PUBLIC_KEY: sealing.publicKey, SEALING_PRIVATE_KEY: sealing.privateKey, SIGNING_PUBLIC_KEY: signing.publicKey, SIGNING_PRIVATE_KEY: signing.privateKey };
  const lines = Object.entries(variables).map(([name, key]) => `${name}='${JSON.stringify(key)}'`);
  return `# The same as environment variables: in deployment.toml, public_key = '$env{SEALING_PUBLIC_KEY}' and so on.\n${lines.join('\n')}\n`;
}

/** All or none. @throws Fault naming the file that is in the way, or the folder that cannot be written */
async function writeAll(folder: string, files: readonly (readonly [name: string, text: string])[]): Promise<void> {
  const made: string[] = [];
  try {
    await makeFolder(folder);
    for (const [name, text] of files) {
      const file = path.join(folder, name);
      await using handle = await open(file, 'wx', 0o600);
      made.push(file);
      await handle.writeFile(text);
    }
  } catch (cause) {
    await Promise.all(made.map((file) => rm(file)));
    const { code, path: at } = systemError(cause);
    throw new Fault(code === 'EEXIST' ? `${at} is there already, and is kept: name another folder` : `${folder} cannot be written (${code})`, { cause });
  }
}

/** The last part of the path alone: a whole one that is not there is more likely a slip. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    if (systemError(error).code !== 'EEXIST') throw error;
  }
}

function systemError(error: unknown): { readonly code: string; readonly path: string } {
  const { code, path: at }: { readonly code?: unknown; readonly path?: unknown } = typeof error === 'object' && error !== null ? error : {};
  return { code: String(code ?? error), path: String(at) };
}
