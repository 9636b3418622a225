import type { DeliveryOutcome, DeliveryRequest } from '@rekey/events';
import { keysetPage, type Database } from '@rekey/messaging';
import { mailFigures } from '../mail-figures/mail-figures.ts';
import { openMailsOf } from '../mail-figures/open-mails.ts';
import type { DeliveryDesk } from './delivery-desk.ts';
import { findDeliveries, readTimeline } from './delivery-log-statements.ts';
import { cursorAt, placeAt } from './place.ts';

/** What operators see of the mails of one tenant: the address masked, never a key, a code or what a mail says. */
export class DeliveryLog {
  constructor(
    private readonly database: Pick<Database, 'query' | 'queryUnprepared'>,
    private readonly desk: DeliveryDesk,
    /** Of every publisher that is believed. */
    private readonly sources: readonly string[],
  ) {}

  async answer(request: DeliveryRequest): Promise<DeliveryOutcome> {
    switch (request.ask) {
      case 'list':
        return this.page(request);
      case 'show': {
        const delivery = await readTimeline(this.database, request.tenantDomain, request.id);
        return delivery ? { kind: 'timeline', delivery } : { kind: 'unknown' };
      }
      case 'list-dead':
        return this.desk.listDead(request);
      case 'discard-dead':
        return this.desk.discardDead(request);
      case 'show-dead':
        return this.desk.showDead(request);
      case 'figures':
        return { kind: 'figures', buckets: [...(await mailFigures(this.database, request))], ...(await openMailsOf(this.database, request.tenantDomain)) };
      case 'failures':
        return this.desk.failures(request);
      case 'replay':
        return this.desk.replay(request);
      case 'replay-many':
        return this.desk.replayMany(request);
    }
  }

  private async page({ tenantDomain, filter, after, limit: atMost }: Extract<DeliveryRequest, { ask: 'list' }>): Promise<DeliveryOutcome> {
    const place = after === undefined ? null : placeAt(after);
    if (place === undefined) return { kind: 'refused', reason: 'after: expected what the page before gave as next' };
    const { page, next } = await keysetPage(atMost, (limit) => findDeliveries(this.database, { tenantDomain, sources: this.sources }, filter, place, limit), (last) => cursorAt(last.place));
    return { kind: 'page', deliveries: page.map(({ place: _, ...delivery }) => delivery), next };
  }
}
