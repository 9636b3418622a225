import { readFile } from 'node:fs/promises';
import type { DeploymentConfig } from '@rekey/deployment-config';
import { topics, type EventRecord } from '@rekey/events';
import { runProgram } from '@rekey/lifecycle';
import { EmbeddedTransport } from '@rekey/messaging';
import { createLogger } from '@rekey/observability';
import { createNotificationService } from '../notification-service.ts';

/** What the process is given, as JSON, in the file that its one argument names. */
export interface NotificationProcessInput {
  readonly config: DeploymentConfig;
  /** Published to it once it runs: as an outbox does that was never told that they had arrived. */
  readonly events: readonly (Omit<EventRecord, 'value'> & { readonly valueBase64: string })[];
}

/**
 * The notification service as a process of its own, on a bus within it: for tests that kill it. Its bus keeps nothing, so what was
 * handed over and not made safe is handed over again by the next start.
 */
const log = createLogger('notification-process');

await runProgram(log, async () => {
  const { config, events } = JSON.parse(await readFile(process.argv[2] ?? '', 'utf8')) as NotificationProcessInput;
  const bus = new EmbeddedTransport();
  await bus.subscribe(topics.notification, 'recovery-service', () => Promise.resolve());
  const service = await createNotificationService({ config, transport: bus, log });
  await service.start();
  await bus.publish(topics.recovery, events.map(({ valueBase64, ...record }) => ({ ...record, value: Buffer.from(valueBase64, 'base64') })));
  log.info('handed over');
  return service;
});
