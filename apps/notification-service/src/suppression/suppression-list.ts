import type { SuppressionOutcome, SuppressionRequest } from '@rekey/events';
import { keysetPage, type SqlExecutor } from '@rekey/messaging';
import { bouncedMails, noteBounce, takeToken } from './bounce-statements.ts';
import { suppress, suppressedAddresses, unsuppress } from './suppression-statements.ts';

/** Who is not mailed to any more: a relay that is sent to dead addresses again and again comes to refuse the living ones too. */
export class SuppressionList {
  constructor(private readonly database: SqlExecutor) {}

  async answer(request: SuppressionRequest): Promise<SuppressionOutcome> {
    switch (request.ask) {
      case 'list': {
        const { tenantDomain, address = null, after = null } = request;
        const { page: addresses, next } = await keysetPage(request.limit, (limit) => suppressedAddresses(this.database, tenantDomain, address, after, limit), ({ id }) => id);
        return { kind: 'page', addresses: [...addresses], next };
      }
      case 'add':
        return { kind: 'suppressed', address: await suppress(this.database, { ...request, kind: 'administrator' }) };
      case 'remove':
        return { kind: (await unsuppress(this.database, request.tenantDomain, request.id)) ? 'removed' : 'unknown' };
      case 'bounces':
        return this.bounced(request);
    }
  }

  /** A soft bounce says that a mailbox is full or a host away: no reason to give it up. What was told before, is told of its mail already. */
  private async bounced({ tenantDomain, bounces, by, once }: Extract<SuppressionRequest, { ask: 'bounces' }>): Promise<SuppressionOutcome> {
    if (once && !(await takeToken(this.database, once))) return { kind: 'repeated' };
    const suppressed: { tenantDomain: string; id: string }[] = [];
    let unknown = 0;
    for (const bounce of bounces) {
      const mails = await bouncedMails(this.database, tenantDomain, bounce);
      for (const mail of mails) {
        const id = await noteBounce(this.database, mail, bounce, by);
        if (id !== null) suppressed.push({ tenantDomain: mail.tenantDomain, id });
      }
      if (mails.length > 0) continue;
      // A tenant may know of an address that it has not mailed from here.
      if (tenantDomain === null || bounce.address === undefined) unknown++;
      else if (bounce.kind !== 'soft') suppressed.push({ tenantDomain, id: (await suppress(this.database, { tenantDomain, address: bounce.address, kind: bounce.kind, reason: bounce.reason, by })).id });
    }
    return { kind: 'bounced', suppressed, unknown };
  }
}
