import { machineClock } from '../measure/clock.ts';
import { runOpenLoop } from '../measure/open-loop.ts';
import type { AcceptedRequest, LoadOrder, LoadReport } from './load-order.ts';
import { recoverPasswordClient, type RecoverPasswordClient } from './recover-password.ts';

/** The load generator: a process of its own, told by its parent what to send. It ends with its parent. */
process.on('message', (order: LoadOrder) => void carryOut(order).then((report) => process.send?.(report)));
process.on('disconnect', () => process.exit(0));
process.on('SIGINT', () => undefined);

let client: { readonly to: string; readonly kept: RecoverPasswordClient } | null = null;

async function carryOut(order: LoadOrder): Promise<LoadReport> {
  const kept = await clientFor(order);
  const accepted: AcceptedRequest[] = [];
  const startedAt = machineClock.now();
  const result = await runOpenLoop(
    order,
    async (index, intendedAt) => {
      const user = order.firstUser + index;
      const outcome = await kept.recover(user);
      if (order.keepTimes && outcome.kind === 'done') accepted.push({ user, intendedAt, acceptedAt: machineClock.now() });
      return outcome;
    },
    machineClock,
  );
  return { ...result, latency: result.latency.state(), lateness: result.lateness.state(), startedAt, accepted };
}

/** Connections are kept from one order to the next. */
async function clientFor({ origin, connections, timeoutMs }: LoadOrder): Promise<RecoverPasswordClient> {
  const to = `${origin} ${connections} ${timeoutMs}`;
  if (client?.to === to) return client.kept;
  await client?.kept.close();
  client = { to, kept: recoverPasswordClient(origin, connections, timeoutMs) };
  return client.kept;
}
