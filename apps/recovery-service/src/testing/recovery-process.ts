import { readFile } from 'node:fs/promises';
import type { DeploymentConfig } from '@rekey/deployment-config';
import { topics } from '@rekey/events';
import { runProgram } from '@rekey/lifecycle';
import { EmbeddedTransport } from '@rekey/messaging';
import { createLogger } from '@rekey/observability';
import { createRecoveryService, NotificationServiceAway } from '../index.ts';

/** The recovery service as a process of its own, for tests that kill it. Its one argument names a file with the configuration as JSON; it prints where it listens. */
await runProgram(createLogger('recovery-process'), async () => {
  const config = JSON.parse(await readFile(process.argv[2] ?? '', 'utf8')) as DeploymentConfig;
  const bus = new EmbeddedTransport();
  await bus.subscribe(topics.recovery, 'notification-service', () => Promise.resolve());
  const service = await createRecoveryService({ config, transport: bus, log: createLogger('recovery-process', { level: 'silent' }), askNotificationService: () => Promise.reject(new NotificationServiceAway()) });
  process.stdout.write(`listening at http://127.0.0.1:${await service.listen(0, '127.0.0.1')}\n`);
  return service;
});
