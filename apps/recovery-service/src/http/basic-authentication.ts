import { createHmac, randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { UserManager } from '@rekey/governance';
import type { User } from '@rekey/identity';
import { ApiError } from './error-catalogue.ts';
import type { UserNames } from './user-name.ts';
import { superTenant } from './tenant-path.ts';

export interface Caller {
  readonly user: User;
  /** May recover for others, create users and change settings. */
  readonly administrator: boolean;
}

/** For so long a password that was right is not hashed again: also the longest that a changed one is still taken. */
const rememberedMs = 5_000;
const rememberedAtMost = 1_000;

/** HTTP Basic (RFC 7617), as WSO2's clients speak it. */
export class BasicAuthentication {
  private readonly remembered = new Map<string, { caller: Caller; until: number }>();
  private readonly memoryKey = randomBytes(32);

  constructor(
    private readonly users: UserManager,
    private readonly names: UserNames,
    private readonly superAdmin: string,
  ) {}

  /** @throws ApiError 17002 without valid credentials, whatever is wrong with them */
  async caller(request: IncomingMessage): Promise<Caller> {
    const header = request.headers.authorization ?? '';
    const credentials = parseBasic(header);
    if (!credentials) throw new ApiError('17002', 'Expected HTTP Basic credentials.');
    const name = await this.names.resolve(request, { username: credentials.username, 'tenant-domain': tenantOfName(credentials.username) });
    // The super tenant's administrator administers every tenant.
    const asSuperAdmin = credentials.username === this.superAdmin ? { ...name, tenantDomain: superTenant } : name;
    const memory = createHmac('sha256', this.memoryKey).update(`${asSuperAdmin.tenantDomain}\0${header}`).digest('base64');
    const known = this.remembered.get(memory);
    if (known && known.until > Date.now()) return known.caller;

    const result = await this.users.authenticate(asSuperAdmin, credentials.password);
    if (result.kind !== 'authenticated') throw new ApiError('17002');
    const { user } = result;
    const caller = { user, administrator: user.tenantDomain === superTenant && user.username === this.superAdmin };
    this.remember(memory, caller);
    return caller;
  }

  /** @throws ApiError RKY-10005 where the credentials are right but not an administrator's */
  async administrator(request: IncomingMessage): Promise<Caller> {
    const caller = await this.caller(request);
    if (!caller.administrator) throw new ApiError('RKY-10005');
    return caller;
  }

  private remember(memory: string, caller: Caller): void {
    const [oldest] = this.remembered.keys();
    if (this.remembered.size >= rememberedAtMost && oldest !== undefined) this.remembered.delete(oldest);
    this.remembered.delete(memory);
    this.remembered.set(memory, { caller, until: Date.now() + rememberedMs });
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
