import { setTimeout as pause } from 'node:timers/promises';
import { until } from '@rekey/test-kit';
import { keyOfMail } from '../testing/oracle.ts';
import { people } from '../testing/people.ts';
import { randomFrom } from '../testing/random.ts';
import type { StartedProgram } from '../testing/started-program.ts';
import { UnderFaults } from '../testing/under-faults.ts';
import { say, told } from './report.ts';

const askedAtOnce = 2;
const shareOfResets = 0.3;
/** In between only what must hold at any time is looked at. */
const killsUntilHealed = 10;

describe('a recovery service and two notification services, of which any is killed at any time', () => {
  it(`${told.kills} times: the invariants hold after each (F1–F5, I1–I6, I8)`, async () => {
    const random = randomFrom(told.seed);
    const under = await UnderFaults.start({ relay: { delayMs: { dot: 25 } } });
    const { services, client } = under;
    const begunAt = performance.now();
    const usernames = await people(services, 'random', told.kills * askedAtOnce);
    const [recovery] = services.running as [StartedProgram]; // it was just started
    const running: { readonly start: () => Promise<StartedProgram>; program: StartedProgram }[] = [{ start: () => services.startRecoveryService(), program: recovery }];
    for (let worker = 0; worker < 2; worker++) running.push({ start: () => services.startNotificationService(), program: await services.startNotificationService() });

    const used = new Set<string>();
    /** The next person who has a mail and has not followed its link. */
    const reset = async (): Promise<void> => {
      const mail = services.sink.mails.find((one) => keyOfMail(one) !== null && !used.has(keyOfMail(one) ?? ''));
      const key = mail && keyOfMail(mail);
      if (!mail || !key) return;
      used.add(key);
      const username = (mail.envelope.to[0] ?? '').replace('@example.com', '');
      for (let times = 0; times < 20 && (await client.setPassword(username, key)) === 'info'; times++) await pause(300);
    };
    const allHeal = async (): Promise<void> => {
      for (const worker of running.slice(1)) await under.end(worker.program, 'kill');
      await under.leasesRunOut();
      for (const worker of running.slice(1)) worker.program = await worker.start();
      await under.heals();
    };

    for (let kill = 1; kill <= told.kills; kill++) {
      const asked: Promise<unknown>[] = usernames.splice(0, askedAtOnce).map((username) => client.recover(username));
      if (random() < shareOfResets) asked.push(reset());
      let isAnswered = false;
      const answered = Promise.all(asked).then(() => (isAnswered = true));
      await pause(random() * 500);
      const victim = running[Math.floor(random() * running.length)]!; // one of them
      await under.end(victim.program, 'kill');
      victim.program = await victim.start();
      await until(async () => (await under.requestsRunOut(), isAnswered), Boolean, 120_000);
      await answered;
      const healed = kill % killsUntilHealed === 0 || kill === told.kills;
      if (healed) await allHeal();
      const { sums, violations } = await under.judge(healed);
      if (healed) say('random kills', { seed: told.seed, killed: kill, ...sums, resets: client.resets.length, inWindow: under.inWindowCount, seconds: Math.round((performance.now() - begunAt) / 1_000) });
      // Replayed, as far as processes let it, by: npm run faults -- random-kills --seed <seed>
      expect({ seed: told.seed, kill, violations }).toEqual({ seed: told.seed, kill, violations: [] });
    }
    await services.stop();
  });
});
