import type { SuppressionOutcome, SuppressionRequest } from '@rekey/events';
import type { SqlExecutor } from '@rekey/messaging';
import { recipientOf, suppress, suppressedAddresses, unsuppress } from './suppression-statements.ts';

/** Who is not mailed to any more: a relay that is sent to dead addresses again and again comes to refuse the living ones too. */
export class SuppressionList {
  constructor(private readonly database: SqlExecutor) {}

  async answer(request: SuppressionRequest): Promise<SuppressionOutcome> {
    const { tenantDomain } = request;
    switch (request.ask) {
      case 'list': {
        const found = await suppressedAddresses(this.database, tenantDomain, request.address ?? null, request.after ?? null, request.limit + 1);
        const addresses = found.slice(0, request.limit);
        return { kind: 'page', addresses, next: found.length > request.limit ? (addresses.at(-1)?.id ?? null) : null };
      }
      case 'add':
        return { kind: 'suppressed', address: await suppress(this.database, { ...request, kind: 'administrator' }) };
      case 'remove':
        return { kind: (await unsuppress(this.database, tenantDomain, request.id)) ? 'removed' : 'unknown' };
      case 'bounce':
        return this.bounced(request);
    }
  }

  /** A soft bounce says that a mailbox is full or a host away: no reason to give it up. */
  private async bounced({ tenantDomain, address, messageId, kind, reason, by }: Extract<SuppressionRequest, { ask: 'bounce' }>): Promise<SuppressionOutcome> {
    const bounced = address ?? (messageId === undefined ? null : await recipientOf(this.database, tenantDomain, messageId));
    if (bounced === null) return { kind: 'unknown' };
    if (kind === 'soft') return { kind: 'noted' };
    return { kind: 'suppressed', address: await suppress(this.database, { tenantDomain, address: bounced, kind, reason, by }) };
  }
}
