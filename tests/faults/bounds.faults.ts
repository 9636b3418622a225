import { setTimeout as pause } from 'node:timers/promises';
import { Footprint } from '../testing/footprint.ts';
import { people } from '../testing/people.ts';
import type { StartedProgram } from '../testing/started-program.ts';
import { UnderFaults } from '../testing/under-faults.ts';
import { say, told } from './report.ts';

const perSecond = 20;
const idleSeconds = 20;
const longestMs = 500;

describe('what people wait for, and what the services have of the machine, while others are away', () => {
  let under: UnderFaults;
  let recovery: StartedProgram;
  let worker: StartedProgram;
  beforeAll(async () => {
    under = await UnderFaults.start({ relay: {} });
    [recovery] = under.services.running as [StartedProgram]; // it was just started
    worker = await under.services.startNotificationService();
  });
  afterAll(() => under.services.stop());

  const faults: readonly { readonly what: string; readonly begin: () => Promise<unknown>; readonly end: () => Promise<unknown> }[] = [
    { what: 'nothing', begin: () => Promise.resolve(), end: () => Promise.resolve() },
    { what: 'Kafka', begin: () => under.services.endKafka('kill'), end: () => under.services.startKafka() },
    { what: 'the relay', begin: () => under.services.sink.pause(), end: () => under.services.sink.resume() },
    { what: 'the relay’s answers', begin: () => Promise.resolve(under.services.sink.script('EHLO', { kind: 'hang' })), end: () => Promise.resolve(under.services.sink.clearScript()) },
    { what: 'the notification service', begin: () => under.end(worker, 'kill'), end: async () => (worker = await under.services.startNotificationService()) },
  ];

  it.each(faults)('with $what away: 99 of 100 answers come within half a second, nobody spins, and memory is bounded (I7)', async ({ what, begin, end }) => {
    const { services, client } = under;
    const usernames = await people(services, what.replace(/\W/g, '').toLowerCase(), told.requests);
    const from = client.waitsMs.length;
    await begin();
    const asked: Promise<unknown>[] = [];
    for (const username of usernames) {
      asked.push(client.recover(username));
      await pause(1_000 / perSecond);
    }
    await Promise.all(asked);
    const waits = client.waitsMs.slice(from).sort((a, b) => a - b);
    const p99Ms = Math.round(waits[Math.floor(waits.length * 0.99)] ?? 0);
    const programs = { recoveryService: recovery, ...(what === 'the notification service' ? {} : { notificationService: worker }) };
    const footprints = Object.entries(programs).map(([name, { pid }]) => [name, new Footprint(pid)] as const);
    for (let second = 0; second <= idleSeconds; second++) {
      await Promise.all(footprints.map(([, footprint]) => footprint.sample()));
      await pause(1_000);
    }
    const figures = footprints.map(([name, footprint]) => [name, footprint.figures()] as const);
    await end();
    const healedAfterSeconds = await under.heals();
    say(`I7 without ${what}`, { requests: told.requests, p50Ms: Math.round(waits[Math.floor(waits.length / 2)] ?? 0), p99Ms, healedAfterSeconds: Math.round(healedAfterSeconds), ...Object.fromEntries(figures) });
    expect((await under.judge()).violations).toEqual([]);
    expect(p99Ms).toBeLessThan(longestMs);
    for (const [, { cpuPercent }] of figures) expect(cpuPercent).toBeLessThan(20);
  });
});
