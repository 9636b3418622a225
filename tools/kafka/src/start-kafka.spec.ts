import { mkdtemp, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, isRunning, silent } from '@rekey/local-stack';
import { brokerAnswers } from './broker-answers.ts';
import { missingForKafka, startKafka, type LocalKafka } from './index.ts';
import { runKafka } from './run-kafka.ts';

const missing = missingForKafka();
if (missing !== null && process.env['REQUIRE_KAFKA'] === '1') throw new Error(`REQUIRE_KAFKA=1, but ${missing}`);
if (missing !== null) console.warn(`SKIPPED: the tests of the local Kafka (${missing})`);

(missing === null ? describe : describe.skip)('the local Kafka', () => {
  let folder: string;
  let port: number;
  let running: LocalKafka | undefined;

  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'rekey-kafka-')), 'kafka');
    port = await freePort();
  });
  afterEach(async () => {
    await running?.stop();
    running = undefined;
    await rm(join(folder, '..'), { recursive: true, force: true });
  });
  const start = async () => (running = await startKafka({ folder, port, controllerPort: await freePort() }));

  it('answers when started, and no more when stopped', async () => {
    const kafka = await start();
    expect(kafka.brokers).toEqual([`127.0.0.1:${port}`]);
    expect(await brokerAnswers('127.0.0.1', port)).toBe(true);
    await kafka.stop();
    expect(isRunning(kafka.pid)).toBe(false);
    expect(await brokerAnswers('127.0.0.1', port)).toBe(false);
  });

  it('comes back with its data after a kill, on other ports too', async () => {
    await (await start()).kill();
    port = await freePort();
    await start();
    expect(await brokerAnswers('127.0.0.1', port)).toBe(true);
  });

  it('takes the place of one whose starter was killed', async () => {
    const orphan = await runKafka({ folder, port, controllerPort: await freePort(), log: silent });
    await start();
    expect(isRunning(orphan.pid)).toBe(false);
  });

  it('tells which port is taken', async () => {
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    await expect(start()).rejects.toThrow(`port ${port} is in use by another program`);
    other.close();
  });
});
