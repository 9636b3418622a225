import { randomUUID } from 'node:crypto';
import type { EventRecord } from '@rekey/events';

/** A record of its own, or of the key given. */
export function aRecord({ key = randomUUID(), value = Buffer.from('{}') }: { key?: string; value?: Buffer } = {}): EventRecord {
  return { key, headers: { ce_id: randomUUID() }, value };
}

export function records(count: number, options: Parameters<typeof aRecord>[0] = {}): EventRecord[] {
  return Array.from({ length: count }, () => aRecord(options));
}
