import { createHmac, randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { actAs } from '@rekey/governance';
import type { User, UserName } from '@rekey/identity';
import type { AddressLimit } from '../rate-limit/address-limit.ts';
import { NewestOnly } from '../rate-limit/newest-only.ts';
import type { SignIns } from '../rate-limit/sign-ins.ts';
import type { ClientAddresses } from './client-address.ts';
import { ApiError } from './error-catalogue.ts';
import { signInRefused } from './sign-in-refused.ts';
import { superTenant } from './tenant-path.ts';
import type { UserNames } from './user-name.ts';

export interface Caller {
  readonly user: User;
  /** May recover for others, create users and change settings. */
  readonly administrator: boolean;
}

/** For so long a password that was right is not hashed again: also the longest that one is still taken after it was changed (S32). */
export const rememberedMs = 1_000;
const rememberedAtMost = 1_000;
const rightAtMost = 10_000;

/** HTTP Basic (RFC 7617), as WSO2's clients speak it: on every call, so most calls must not cost a hash. */
export class BasicAuthentication {
  /** By a keyed digest of the address and the credentials, which are themselves not kept. Whoever asks while they are being checked gets the same answer. */
  private readonly remembered = new NewestOnly<{ readonly caller: Promise<Caller>; readonly until: number }>(rememberedAtMost);
  /** By the same digest: what was right from that address whenever it was last tried. */
  private readonly right = new NewestOnly<true>(rightAtMost);
  private readonly memoryKey = randomBytes(32);

  constructor(
    private readonly signIns: SignIns,
    private readonly addressLimit: AddressLimit,
    private readonly addresses: ClientAddresses,
    private readonly names: UserNames,
    private readonly superAdmin: string,
  ) {}

  /** @throws ApiError 17002 without valid credentials, whatever is wrong with them; RKY-10011 where too many wrong ones come from the same address */
  async caller(request: IncomingMessage): Promise<Caller> {
    const caller = await this.remembering(request);
    actAs(caller.user);
    return caller;
  }

  /** @throws ApiError RKY-10005 where the credentials are right but not an administrator's */
  async administrator(request: IncomingMessage): Promise<Caller> {
    const caller = await this.caller(request);
    if (!caller.administrator) throw new ApiError('RKY-10005');
    return caller;
  }

  private async remembering(request: IncomingMessage): Promise<Caller> {
    const header = request.headers.authorization ?? '';
    const credentials = parseBasic(header);
    if (!credentials) throw new ApiError('17002', 'Expected HTTP Basic credentials.');
    const name = await this.names.resolve(request, { username: credentials.username, 'tenant-domain': tenantOfName(credentials.username) });
    // The super tenant's administrator administers every tenant.
    const tenantDomain = credentials.username === this.superAdmin ? superTenant : name.tenantDomain;

    const digest = createHmac('sha256', this.memoryKey).update(`${this.addresses.of(request)}\0${tenantDomain}\0${header}`).digest('base64');
    const known = this.remembered.get(digest);
    if (known && known.until > Date.now()) return known.caller;
    const entry = { caller: this.authenticate(request, { ...name, tenantDomain }, credentials.password, digest), until: Date.now() + rememberedMs };
    this.remembered.set(digest, entry);
    try {
      return await entry.caller;
    } catch (error) {
      // Wrong ones are hashed each time: only what was right is remembered.
      if (this.remembered.get(digest) === entry) this.remembered.delete(digest);
      throw error;
    }
  }

  private async authenticate(request: IncomingMessage, name: UserName, password: string, digest: string): Promise<Caller> {
    // What was right before has the account's allowance alone: a portal is not stopped by what people enter at its login form.
    if (!this.right.has(digest)) await this.addressLimit.admit(request);
    const outcome = await this.signIns.authenticate(request, name, password);
    if (outcome.kind === 'refused') {
      const error = signInRefused(outcome);
      if (error.code === '17002') {
        this.right.delete(digest);
        await this.addressLimit.count(request);
      }
      throw error;
    }
    this.right.set(digest, true);
    const { user } = outcome;
    return { user, administrator: user.tenantDomain === superTenant && user.username === this.superAdmin };
  }
}

function parseBasic(header: string): { username: string; password: string } | null {
  const encoded = /^Basic +([A-Za-z0-9+/=_-]{1,2048})$/i.exec(header)?.[1];
  if (!encoded) return null;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 1 || text.includes('\0')) return null;
  return { username: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** `kim@carbon.super` names its tenant; an e-mail address as user name does too, as in WSO2, only where that is a tenant. */
function tenantOfName(username: string): string | undefined {
  return username.endsWith(`@${superTenant}`) ? superTenant : undefined;
}
