export { Database, isPostgresError, type DatabaseSettings, type MigrationClass, type SqlExecutor } from './database/database.ts';
export { CreateOutbox1764000000000 } from './outbox/create-outbox.ts';
export { appendToOutbox, confirmOutbox, outboxColumns, outboxParameters, type OutboxEntry } from './outbox/outbox.ts';
export { OutboxRelay, type OutboxRelayOptions } from './outbox/outbox-relay.ts';
export type { BatchHandler, EventTransport, IncomingRecord } from './transport/event-transport.ts';
export { EmbeddedTransport } from './transport/embedded-transport.ts';
export { KafkaTransport } from './transport/kafka-transport.ts';
export { EventServer } from './event-server.ts';
export { RepeatingTask } from './repeating-task.ts';
