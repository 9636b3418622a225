import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { localPorts } from '@rekey/local-stack';
import { errorCatalogue } from '../apps/recovery-service/src/http/error-catalogue.ts';
import { connectorCategories } from '../libs/governance/src/connector/connectors.ts';
import { knownKeysAt } from '../libs/deployment-config/src/schema.ts';
import { InboxClient, keyOf } from './testing/inbox-client.ts';
import { root } from './testing/started-program.ts';
import { startRekey } from './testing/started-rekey.ts';

const textOf = (file: string) => readFile(path.join(root, file), 'utf8');

describe('the README', () => {
  it('gives commands that do what it says of them', async () => {
    const readme = await textOf('README.md');
    const commands = readme.split('\n').filter((line) => line.startsWith('curl '));
    const rekey = await startRekey();
    const run = async (command: string) => {
      const { stdout } = await promisify(execFile)('bash', ['-c', `${command.replaceAll('localhost:9443', `localhost:${localPorts(rekey.offset).https}`)} -s -o - -w '\n%{http_code}'`]);
      return Number(stdout.split('\n').at(-1));
    };
    const [recover = '', setPassword = '', ...others] = commands;
    expect(await run(recover)).toBe(202);
    const mail = await new InboxClient(rekey.inboxUrl).firstMailTo('kim@example.com');
    expect(await run(setPassword.replace('[CONFIRMATION KEY]', keyOf(mail)))).toBe(200);
    const answers: number[] = [];
    for (const command of others) answers.push(await run(command)); // the last one turns off what the first one needs
    expect(answers).toEqual([201, 201, 200]);
    expect(await run(recover)).toBe(400);
    await rekey.stop();
  });

  it('names npm scripts that there are', async () => {
    const { scripts } = JSON.parse(await textOf('package.json')) as { scripts: Record<string, string> };
    const texts = await Promise.all(['README.md', 'CONTRIBUTING.md', 'docs/benchmarks.md', 'docs/deploy-with-docker.md', 'docs/architecture.md'].map(textOf));
    const named = [...new Set(texts.flatMap((text) => [...text.matchAll(/npm run ([a-z][\w:-]*)/g)].map(([, name = '']) => name)))];
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });
});

describe('docs/errors.md', () => {
  it('lists every code with its status, and no other', async () => {
    const rows = [...(await textOf('docs/errors.md')).matchAll(/^\| ((?:[A-Z]{2,3}-)?\d{5}) \| (\d{3}) \|/gm)].map(([, code, status]) => [code, Number(status)]);
    expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(Object.entries(errorCatalogue).map(([code, { status }]) => [code, status])));
  });
});

describe('docs/configuration.md', () => {
  it('names every key that Rekey reads', async () => {
    const text = await textOf('docs/configuration.md');
    const keysBelow = (at: readonly string[]): string[][] => (knownKeysAt(at) ?? []).flatMap((key) => (knownKeysAt([...at, key]) === null ? [[...at, key]] : keysBelow([...at, key])));
    const missing = keysBelow([]).filter((keys) => !text.includes(`\`${keys.at(-1) ?? ''}\``) && !text.includes(`[${keys.join('.')}]`));
    expect(missing).toEqual([]);
  });

  it('names every property of the connectors', async () => {
    const text = await textOf('docs/configuration.md');
    const names = connectorCategories.flatMap(({ connectors }) => connectors.flatMap(({ name, properties }) => [name, ...properties.map((property) => property.name)]));
    expect(names.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });
});

describe('docs/decisions', () => {
  it('are numbered one after the other, each with its number in its title', async () => {
    const files = (await readdir(path.join(root, 'docs/decisions'))).toSorted();
    const numbers = await Promise.all(files.map(async (file) => /^# (\d{4}): /.exec(await textOf(`docs/decisions/${file}`))?.[1]));
    expect(numbers).toEqual(files.map((file) => file.slice(0, 4)));
    expect(numbers.map(Number)).toEqual(files.map((_file, index) => index + 1));
  });
});
