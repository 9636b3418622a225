import { randomUUID } from 'node:crypto';
import { freePort } from '@rekey/local-stack';
import { until } from '@rekey/test-kit';
import type { KillPoint } from './kill-points.ts';
import { keyOfMail } from './oracle.ts';
import type { StartedProgram } from './started-program.ts';
import type { UnderFaults } from './under-faults.ts';

/**
 * One person's recovery, over separate services and Kafka, of which the one that is at the point kills itself there; another one of its kind goes on, and
 * everything comes to its end. For the points of the notification service none of them may be running, for the others one must be.
 * @param recovery the recovery service that runs, which stands still where the dying one is to be the only one that publishes
 * @returns how many mails the person has
 */
export async function killedAt({ point, role }: KillPoint, under: UnderFaults, recovery: StartedProgram): Promise<number> {
  const { services, client } = under;
  const username = `${point.toLowerCase()}-${randomUUID()}`;
  await services.aUser(username);
  const own = () => services.sink.mails.filter(({ envelope }) => envelope.to.join() === `${username}@example.com`);
  /** Another recovery service that dies there. */
  const doomed = async () => {
    const port = await freePort();
    return { program: await services.startRecoveryService(port, { CRASH_AT: point }), at: `http://127.0.0.1:${port}` };
  };
  switch (role) {
    case 'answers': {
      const { program, at } = await doomed();
      const asked = client.recover(username, at);
      await killed(program, point);
      await answered(asked, under);
      break;
    }
    case 'relays': {
      const { program, at } = await doomed();
      process.kill(recovery.pid, 'SIGSTOP');
      try {
        const asked = client.recover(username, at);
        await killed(program, point);
        await under.leasesRunOut();
        process.kill(recovery.pid, 'SIGCONT');
        await answered(asked, under);
      } finally {
        process.kill(recovery.pid, 'SIGCONT');
      }
      break;
    }
    case 'notifies': {
      const program = await services.spawnNotificationService({ CRASH_AT: point });
      await client.recover(username);
      await killed(program, point);
      await under.noteHandedOver();
      await under.leasesRunOut();
      const next = await services.startNotificationService();
      await under.heals();
      await next.stop();
      break;
    }
    case 'resets': {
      await client.recover(username);
      await until(() => own().length > 0);
      const key = keyOfMail(own()[0]!) ?? ''; // there is one
      const { program, at } = await doomed();
      const asked = client.setPassword(username, key, at);
      await killed(program, point);
      await asked;
      await client.setPassword(username, key);
      break;
    }
  }
  await under.heals();
  return own().filter((mail) => keyOfMail(mail) !== null).length;
}

/** What the dead one had in hand is taken up by the other. */
async function answered(asked: Promise<unknown>, under: UnderFaults): Promise<void> {
  let isAnswered = false;
  void asked.then(() => (isAnswered = true));
  await until(async () => (await under.requestsRunOut(), isAnswered));
}

async function killed(program: StartedProgram, point: string): Promise<void> {
  const { signal } = await program.ended;
  if (signal !== 'SIGKILL') throw new Error(`not killed at ${point}:\n${program.output()}`);
}
