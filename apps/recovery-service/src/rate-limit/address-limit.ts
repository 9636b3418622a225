import type { IncomingMessage } from 'node:http';
import type { RateLimitSettings } from '@rekey/deployment-config';
import type { SqlExecutor } from '@rekey/messaging';
import type { ClientAddresses } from '../http/client-address.ts';
import { TooManyRequests } from '../http/error-catalogue.ts';
import { countRequest, giveBack } from './rate-limit-statements.ts';

const windowSeconds = 60;
const refusedAtMost = 10_000;

/** How much strangers may ask from one address, on all instances together. Nobody is named: the answer tells nothing of accounts. */
export class AddressLimit {
  /** Until when (`performance.now()`) an address has nothing left: so long a flood from it costs no statement. */
  private readonly refused = new Map<string, number>();

  /** @param door what is counted together: every limit has a count of its own */
  constructor(
    private readonly door: 'pages' | 'credentials',
    private readonly database: SqlExecutor,
    private readonly addresses: ClientAddresses,
    private readonly settings: () => RateLimitSettings,
  ) {}

  /** @throws TooManyRequests beyond the limit */
  async spend(request: IncomingMessage): Promise<void> {
    const { enable, requestsPerAddressPerMinute } = this.settings();
    if (!enable) return;
    const address = this.addresses.of(request);
    const refusedUntil = this.refused.get(address) ?? 0;
    if (refusedUntil > performance.now()) throw new TooManyRequests(Math.ceil((refusedUntil - performance.now()) / 1000));
    const { spent, secondsLeft } = await countRequest(this.database, this.subjectOf(address), windowSeconds);
    if (spent <= requestsPerAddressPerMinute) return;
    this.refuse(address, performance.now() + secondsLeft * 1000);
    throw new TooManyRequests(secondsLeft);
  }

  /** For a request that turned out to be no stranger's. */
  async giveBack(request: IncomingMessage): Promise<void> {
    if (this.settings().enable) await giveBack(this.database, this.subjectOf(this.addresses.of(request)));
  }

  private subjectOf(address: string): string {
    return `${this.door} ${address}`;
  }

  private refuse(address: string, until: number): void {
    this.refused.delete(address);
    const [oldest] = this.refused.keys();
    if (this.refused.size >= refusedAtMost && oldest !== undefined) this.refused.delete(oldest);
    this.refused.set(address, until);
  }
}
