import type { IncomingMessage } from 'node:http';
import type { RateLimitSettings } from '@rekey/deployment-config';
import type { SqlExecutor } from '@rekey/messaging';
import type { ClientAddresses } from '../http/client-address.ts';
import { TooManyRequests } from '../http/error-catalogue.ts';
import { NewestOnly } from './newest-only.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import { countRequest, withOneMore } from './rate-limit-statements.ts';

const windowSeconds = 60;
const refusedAtMost = 10_000;

/** How much strangers may ask from one address, on all instances together. Nobody is named: the answer tells nothing of accounts. */
export class AddressLimit {
  /** Until when (`performance.now()`) an address has nothing left: so long a flood from it costs no statement. */
  private readonly refused = new NewestOnly<number>(refusedAtMost);

  /** @param door what is counted together: every limit has a count of its own */
  constructor(
    private readonly door: 'pages' | 'credentials',
    private readonly database: SqlExecutor,
    private readonly addresses: ClientAddresses,
    private readonly pseudonyms: Pseudonyms,
    private readonly settings: () => RateLimitSettings,
  ) {}

  /** Counts a request. @throws TooManyRequests beyond the limit */
  async spend(request: IncomingMessage): Promise<void> {
    await this.judge(request, countRequest);
  }

  /** For requests that count only once they turn out to be a stranger's, by `spend`. @throws TooManyRequests where nothing is left */
  async admit(request: IncomingMessage): Promise<void> {
    await this.judge(request, withOneMore);
  }

  private async judge(request: IncomingMessage, spending: typeof countRequest | typeof withOneMore): Promise<void> {
    const { enable, requestsPerAddressPerMinute } = this.settings();
    if (!enable) return;
    const address = this.addresses.of(request);
    const refusedUntil = this.refused.get(address) ?? 0;
    if (refusedUntil > performance.now()) throw new TooManyRequests(Math.ceil((refusedUntil - performance.now()) / 1000));
    const { spent, secondsLeft } = await spending(this.database, this.subjectOf(address), windowSeconds);
    if (spent <= requestsPerAddressPerMinute) return;
    this.refused.set(address, performance.now() + secondsLeft * 1000);
    throw new TooManyRequests(secondsLeft);
  }

  private subjectOf(address: string): string {
    return this.pseudonyms.of(this.door, address);
  }
}
