import { randomUUID } from 'node:crypto';
import { topics } from '@rekey/events';
import type { OutboxEntry } from '../outbox/outbox.ts';

/** An event on its way out, of a user of its own. */
export function anEntry(options: Partial<OutboxEntry> & { key?: string; value?: Buffer } = {}): OutboxEntry {
  const { key = randomUUID(), value = Buffer.from('{}'), ...given } = options;
  const id = given.id ?? randomUUID();
  return { id, topic: topics.recovery, record: { key, headers: { ce_id: id }, value }, expiresAt: null, awaitsOutcome: false, ...given };
}

export function entries(count: number, options: Parameters<typeof anEntry>[0] = {}): OutboxEntry[] {
  return Array.from({ length: count }, () => anEntry(options));
}

export const idOf = ({ headers }: { readonly headers: Readonly<Record<string, string>> }): string => headers['ce_id'] ?? '';
