import type { z } from 'zod';
import { list, table } from '../table.ts';
import { broker } from '../values/addresses.ts';
import { choice, duration, secretText, text, toggle, whole } from '../values/scalars.ts';

export interface KafkaSettings {
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** Partitions and replication factor of topics that do not exist yet. */
  readonly partitions: number;
  readonly replicationFactor: number;
  /** After this long without a sign of life a member's partitions go to others; so long, too, a group waits for a member that was killed. */
  readonly sessionTimeoutSeconds: number;
  readonly ssl: boolean;
  readonly sasl: { readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; readonly username: string; readonly password: string } | null;
}

export const kafkaToml = table({
  brokers: list(broker, 'a list of "host:port"').min(1, 'at least one "host:port"'),
  client_id: text().prefault('rekey'),
  partitions: whole(1, 1_000).prefault(6),
  replication_factor: whole(1, 10).prefault(1),
  session_timeout: duration(1, 300, 's', 'a duration from "1s" to "5m"').prefault('10s'),
  ssl: toggle.prefault(false),
  sasl: table({ mechanism: choice(['plain', 'scram-sha-256', 'scram-sha-512']), username: text(), password: secretText }).optional(),
}).optional();

export function kafkaSettings(kafka: z.output<typeof kafkaToml>): KafkaSettings | null {
  if (!kafka) return null;
  const { brokers, client_id: clientId, partitions, replication_factor: replicationFactor, session_timeout: sessionTimeoutSeconds, ssl, sasl } = kafka;
  return { brokers, clientId, partitions, replicationFactor, sessionTimeoutSeconds, ssl, sasl: sasl ?? null };
}
