export interface BrokerPorts {
  port: number;
  controllerPort: number;
}

export const host = '127.0.0.1';

/**
 * The `server.properties` of a one-node KRaft broker for one machine: few and small internal topics, so that boot and the first join
 * are quick; no topic by accident; a day of events, and no more than 256 MB of each partition, since benchmarks write gigabytes.
 */
export function brokerSettings(dataFolder: string, { port, controllerPort }: BrokerPorts): string {
  const settings: Record<string, string | number | boolean> = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.bootstrap.servers': `${host}:${controllerPort}`,
    listeners: `CLIENTS://${host}:${port},CONTROLLER://${host}:${controllerPort}`,
    'advertised.listeners': `CLIENTS://${host}:${port},CONTROLLER://${host}:${controllerPort}`,
    'listener.security.protocol.map': 'CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'CLIENTS',
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': dataFolder,
    'auto.create.topics.enable': false,
    'group.initial.rebalance.delay.ms': 0,
    'group.min.session.timeout.ms': 1_000,
    'offsets.topic.num.partitions': 4,
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.num.partitions': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'log.retention.hours': 24,
    'log.retention.bytes': 256 * 1024 * 1024,
    'log.segment.bytes': 64 * 1024 * 1024,
    'log.cleaner.dedupe.buffer.size': 16 * 1024 * 1024,
  };
  // A backslash begins an escape in a properties file, and separates folders on Windows.
  return Object.entries(settings).map(([key, value]) => `${key}=${String(value).replaceAll('\\', '\\\\')}\n`).join('');
}
