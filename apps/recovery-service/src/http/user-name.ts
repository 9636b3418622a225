import type { IncomingMessage } from 'node:http';
import { canonicalTenantDomain, realms, superTenant, type Tenants, type UserName } from '@rekey/identity';
import { z } from 'zod';
import { boundedText, textOrNone } from './body.ts';
import { homeOfCaller, reachesEveryTenant } from './caller.ts';
import { ApiError } from './error-catalogue.ts';
import { tenantInPath, tenantOf } from './tenant-path.ts';

/** WSO2's way to name a user. */
export const userReference = z.strictObject({
  username: boundedText(255),
  realm: textOrNone(63),
  'tenant-domain': textOrNone(255),
});

/** Turns what a request says into the one name that the user store knows. */
export class UserNames {
  constructor(private readonly tenants: Tenants) {}

  /** @throws ApiError as `tenant` and `nameIn` */
  async resolve(request: IncomingMessage, { 'tenant-domain': tenantInBody, ...named }: z.output<typeof userReference>): Promise<UserName> {
    return nameIn(await this.tenant(request, tenantInBody), named);
  }

  /**
   * Whose credentials these are. `kim@acme.example` names its tenant; an e-mail address as user name does too, as in WSO2, only where that is a tenant.
   * @throws ApiError as `resolve`
   */
  async ofCredentials(request: IncomingMessage, username: string): Promise<UserName> {
    const here = await this.active(tenantOf(request));
    const named = canonicalTenantDomain(username.slice(username.lastIndexOf('@') + 1));
    return nameIn(named !== null && username.includes('@') && (await this.tenants.isActive(named)) ? named : here, { username });
  }

  /**
   * Which tenant's things are reached by an id or a key alone.
   * @returns null for all of them: the path names none, and the caller administers every tenant
   * @throws ApiError as `tenant`
   */
  async tenantInPath(request: IncomingMessage): Promise<string | null> {
    return tenantInPath(request) === null && reachesEveryTenant(request) ? null : this.tenant(request);
  }

  /**
   * The tenant in the path wins over one in the body; with neither it is the caller's own, or `carbon.super`.
   * @throws ApiError RKY-10005 where it is not the caller's to reach, be there such a tenant or not; 18016 for an unknown one
   */
  async tenant(request: IncomingMessage, inBody?: string): Promise<string> {
    const named = tenantInPath(request) ?? inBody;
    const home = homeOfCaller(request);
    const tenantDomain = canonicalTenantDomain(named ?? home ?? superTenant);
    if (home !== null && tenantDomain !== home) throw new ApiError('RKY-10005');
    return this.active(tenantDomain);
  }

  private async active(tenantDomain: string | null): Promise<string> {
    if (tenantDomain === null || !(await this.tenants.isActive(tenantDomain))) throw new ApiError('18016');
    return tenantDomain;
  }
}

/** @throws ApiError RKY-10008 for an unknown user store: configuration, the same for every user */
export function nameIn(tenantDomain: string, { username, realm }: Pick<z.output<typeof userReference>, 'username' | 'realm'>): UserName {
  const slash = username.indexOf('/');
  const named = slash > 0 ? { realm: username.slice(0, slash), username: username.slice(slash + 1) } : { realm: realm ?? 'PRIMARY', username };
  const known = realms.find((candidate) => candidate === named.realm.toUpperCase());
  if (!known) throw new ApiError('RKY-10008', `Invalid user store: expected one of ${realms.join(', ')}.`);
  const plain = withoutTenant(named.username, tenantDomain);
  if (plain === '') throw new ApiError('RKY-10001', `Malformed request: username: expected a name behind the user store, got "${username}".`);
  return { tenantDomain, realm: known, username: plain };
}

/** `kim@carbon.super` is `kim`. */
function withoutTenant(username: string, tenantDomain: string): string {
  const suffix = `@${tenantDomain}`;
  return username.toLowerCase().endsWith(suffix) && username.length > suffix.length ? username.slice(0, -suffix.length) : username;
}
