import { createHmac, randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { User, UserName } from '@rekey/identity';
import type { ClientAddresses } from '../http/client-address.ts';
import { ApiError } from '../http/error-catalogue.ts';
import type { UserNames } from '../http/user-name.ts';
import type { AddressLimit } from '../rate-limit/address-limit.ts';
import { NewestOnly } from '../rate-limit/newest-only.ts';
import { signInRefused } from './sign-in-refused.ts';
import type { SignIns } from './sign-ins.ts';

export interface BasicAuthenticationParts {
  readonly signIns: SignIns;
  readonly addressLimit: AddressLimit;
  readonly addresses: ClientAddresses;
  readonly names: UserNames;
}

/** For so long a password that was right is not hashed again: also the longest that one is still taken after it was changed (S32). */
export const rememberedMs = 1_000;
const rememberedAtMost = 1_000;
const rightAtMost = 10_000;

/** HTTP Basic (RFC 7617), as WSO2's clients speak it, its own portals under the name `Client`: on every call, so most calls must not cost a hash. */
export class BasicAuthentication {
  /** By a keyed digest of the address and the credentials, which are themselves not kept. Whoever asks while they are being checked gets the same answer. */
  private readonly remembered = new NewestOnly<{ readonly user: Promise<User>; readonly until: number }>(rememberedAtMost);
  /** By the same digest: what was right from that address whenever it was last tried. */
  private readonly right = new NewestOnly<true>(rightAtMost);
  private readonly memoryKey = randomBytes(32);

  constructor(private readonly parts: BasicAuthenticationParts) {}

  /**
   * Whose credentials a request has.
   * @throws ApiError 17002 without valid ones, whatever is wrong with them; RKY-10011 where too many wrong ones come from the same address
   */
  async userOf(request: IncomingMessage): Promise<User> {
    const header = request.headers.authorization ?? '';
    const credentials = parseBasic(header);
    if (!credentials) throw new ApiError('17002', 'Expected HTTP Basic credentials.');
    const name = await this.parts.names.ofCredentials(request, credentials.username);

    const digest = createHmac('sha256', this.memoryKey).update(`${this.parts.addresses.of(request)}\0${name.tenantDomain}\0${header}`).digest('base64');
    const known = this.remembered.get(digest);
    if (known && known.until > Date.now()) return known.user;
    const entry = { user: this.authenticate(request, name, credentials, digest), until: Date.now() + rememberedMs };
    this.remembered.set(digest, entry);
    try {
      return await entry.user;
    } catch (error) {
      // Wrong ones are hashed each time: only what was right is remembered.
      if (this.remembered.get(digest) === entry) this.remembered.delete(digest);
      throw error;
    }
  }

  private async authenticate(request: IncomingMessage, name: UserName, { password }: Credentials, digest: string): Promise<User> {
    const { signIns, addressLimit } = this.parts;
    // What was right before has the account's allowance alone: a portal is not stopped by what people enter at its login form.
    const isNew = !this.right.has(digest);
    if (isNew) await addressLimit.admit(request);
    const outcome = await signIns.authenticate(request, name, password);
    if (outcome.kind === 'refused') {
      const error = signInRefused(outcome);
      if (error.code === '17002') {
        this.right.delete(digest);
        await addressLimit.spend(request);
      }
      throw error;
    }
    // Asked again: of a thousand guesses at once all found something left, and only few may have been right.
    if (isNew) await addressLimit.admit(request);
    this.right.set(digest, true);
    return outcome.user;
  }
}

interface Credentials {
  readonly username: string;
  readonly password: string;
}

function parseBasic(header: string): Credentials | null {
  const encoded = /^(?:Basic|Client) +([A-Za-z0-9+/=_-]{1,2048})$/i.exec(header)?.[1];
  if (!encoded) return null;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 1 || text.includes('\0')) return null;
  return { username: text.slice(0, colon), password: text.slice(colon + 1) };
}
