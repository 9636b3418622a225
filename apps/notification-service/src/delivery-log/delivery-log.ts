import type { DeliveryOutcome, DeliveryRequest } from '@rekey/events';
import type { Database } from '@rekey/messaging';
import { findDeliveries, readTimeline, type Place } from './delivery-log-statements.ts';

/** What operators see of the mails of one tenant: the address masked, never a key, a code or what a mail says. */
export class DeliveryLog {
  constructor(private readonly database: Pick<Database, 'query' | 'queryUnprepared'>) {}

  async answer(request: DeliveryRequest): Promise<DeliveryOutcome> {
    switch (request.ask) {
      case 'list':
        return this.page(request);
      case 'show': {
        const delivery = await readTimeline(this.database, request.tenantDomain, request.id);
        return delivery ? { kind: 'timeline', delivery } : { kind: 'unknown' };
      }
    }
  }

  private async page({ tenantDomain, filter, after, limit }: Extract<DeliveryRequest, { ask: 'list' }>): Promise<DeliveryOutcome> {
    const place = after === undefined ? null : placeAt(after);
    if (place === undefined) return { kind: 'refused', reason: 'after: expected what the page before gave as next' };
    // One more than asked for tells whether there is another page.
    const found = await findDeliveries(this.database, tenantDomain, filter, place, limit + 1);
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return { kind: 'page', deliveries: page.map(({ place: _, ...delivery }) => delivery), next: found.length > limit && last ? cursorAt(last.place) : null };
  }
}

function cursorAt({ microseconds, position }: Place): string {
  return Buffer.from(`${microseconds}/${position}`).toString('base64url');
}

/** @returns undefined where no answer gave it */
function placeAt(cursor: string): Place | undefined {
  const [, microseconds, position] = /^(\d{1,16})\/(\d{1,18})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  return microseconds === undefined || position === undefined ? undefined : { microseconds, position };
}
