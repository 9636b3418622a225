import type { IncomingMessage } from 'node:http';
import { realms, type Tenants, type UserName } from '@rekey/identity';
import { z } from 'zod';
import { boundedText } from './body.ts';
import { ApiError } from './error-catalogue.ts';
import { tenantInPath, tenantOf } from './tenant-path.ts';

/** WSO2's way to name a user. */
export const userReference = z.strictObject({
  username: boundedText(255),
  realm: boundedText(63).optional(),
  'tenant-domain': boundedText(255).optional(),
});

/** Turns what a request says into the one name that the user store knows. */
export class UserNames {
  constructor(private readonly tenants: Tenants) {}

  /** @throws ApiError 18016 for an unknown tenant, RKY-10008 for an unknown user store: configuration, the same for every user */
  async resolve(request: IncomingMessage, { username, realm, 'tenant-domain': tenantInBody }: z.output<typeof userReference>): Promise<UserName> {
    const tenantDomain = await this.tenant(request, tenantInBody);
    const slash = username.indexOf('/');
    const named = slash > 0 ? { realm: username.slice(0, slash), username: username.slice(slash + 1) } : { realm: realm ?? 'PRIMARY', username };
    const known = realms.find((candidate) => candidate === named.realm.toUpperCase());
    if (!known) throw new ApiError('RKY-10008', `Invalid user store: expected one of ${realms.join(', ')}.`);
    const plain = withoutTenant(named.username, tenantDomain);
    if (plain === '') throw new ApiError('RKY-10001', `Malformed request: username: expected a name behind the user store, got "${username}".`);
    return { tenantDomain, realm: known, username: plain };
  }

  /** @returns null where the path names none: a mailed link does not, and its key says enough. @throws ApiError 18016 for an unknown tenant */
  async tenantInPath(request: IncomingMessage): Promise<string | null> {
    return tenantInPath(request) === null ? null : this.tenant(request);
  }

  async tenant(request: IncomingMessage, inBody?: string): Promise<string> {
    const tenantDomain = tenantOf(request, inBody?.toLowerCase());
    if (!(await this.tenants.isActive(tenantDomain))) throw new ApiError('18016');
    return tenantDomain;
  }
}

/** `kim@carbon.super` is `kim`. */
function withoutTenant(username: string, tenantDomain: string): string {
  const suffix = `@${tenantDomain}`;
  return username.toLowerCase().endsWith(suffix) && username.length > suffix.length ? username.slice(0, -suffix.length) : username;
}
