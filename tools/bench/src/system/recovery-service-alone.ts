import { configFromEnvironment } from '@rekey/deployment-config';
import { listenAlsoOnHttp, securityHeaders } from '@rekey/edge';
import { topics } from '@rekey/events';
import { runProgram } from '@rekey/lifecycle';
import { localCertificate } from '@rekey/local-stack';
import { EmbeddedTransport } from '@rekey/messaging';
import { createLogger } from '@rekey/observability';
import { createRecoveryService, notificationServicesAt } from '@rekey/recovery-service';

/**
 * The recovery service as `npm start` composes it, with HTTPS and plain HTTP, but without the notification service: a subscriber that
 * takes every event stands in its place. For what a request costs by itself.
 */
const log = createLogger('recovery-service', { format: 'json' });

await runProgram(log, async () => {
  const { config, home } = configFromEnvironment();
  const transport = new EmbeddedTransport();
  await transport.subscribe(topics.recovery, 'bench', () => Promise.resolve());
  const tls = await localCertificate(home, config.server.hostname);
  const service = await createRecoveryService({ config, transport, log, askNotificationService: notificationServicesAt([]), tls, furnish: (fastify) => Promise.resolve(securityHeaders(fastify)) });
  await service.listen(config.server.httpsPort, config.server.listenAddress);
  const plain = await listenAlsoOnHttp(service.fastify, { port: config.server.httpPort, host: '127.0.0.1' });
  return {
    stop: async () => {
      await plain.close();
      await service.stop();
    },
  };
});
