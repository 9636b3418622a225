import type { IncomingMessage } from 'node:http';
import type { UserManager, UserProfile } from '@rekey/governance';
import { canonicalUsername } from '@rekey/identity';
import { z } from 'zod';
import { parseBody } from '../http/body.ts';
import type { Caller } from '../http/caller.ts';
import { isOneOf } from '../http/entity-tag.ts';
import { ApiError } from '../http/error-catalogue.ts';
import { operationRefused } from '../http/refused-by-own-rule.ts';
import { ScimError } from '../http/scim-error.ts';
import { noSuchUser } from '../http/user-by-id.ts';
import type { UserNames } from '../http/user-name.ts';
import type { UserOnboarding } from '../user-onboarding/user-onboarding.ts';
import { attributesOf, resourceOf, withoutSwitches, type ScimResource } from './shown-user.ts';
import { firstSteps, isObject, wso2Schema, type Attribute } from './user-attributes.ts';
import { patched, patchRequest } from './user-patch.ts';
import { searchFor, type UserQuery } from './user-query.ts';
import { claimsOf, contradictsItself, disabled, parseUser, type UserResource } from './user-resource.ts';

/** Which user a request is about, and what it goes by. */
export interface Target {
  readonly tenantDomain: string;
  readonly id: string;
  /** `If-Match`: versions of which the user's must be one. */
  readonly ifMatch: string | undefined;
}

/** Who changes a user: an administrator, or the user, who has no say in locks. */
export type By = 'administrator' | 'user';

const userId = z.uuid();
/** Among writers at once, one gets through each time. */
const attempts = 25;

/** Users as SCIM resources. Whatever is done goes through the listener chain. */
export class ScimUsers {
  constructor(
    private readonly users: UserManager,
    private readonly onboarding: UserOnboarding,
    private readonly names: UserNames,
    private readonly baseUrl: string,
  ) {}

  async create(request: IncomingMessage, body: unknown): Promise<ScimResource> {
    const resource = parseUser(body);
    const name = await this.names.resolve(request, { username: resource.userName });
    const [password, claims] = [resource.password ?? null, claimsOf(resource, {})];
    const asked = askedFirst(resource);
    const outcome = asked ? await this.onboarding.addUser(name, password, claims, firstSteps[asked]) : await this.users.addUser(name, password, claims);
    switch (outcome.kind) {
      case 'added':
        return this.shown(await this.profileOf({ tenantDomain: name.tenantDomain, id: outcome.user.id }));
      case 'exists':
        throw new ApiError('RKY-10006', `A user named "${name.username}" exists already.`);
      case 'not-enabled':
        throw new ScimError('invalidValue', `Malformed request: ${asked}: the tenant does not allow it. Turn EmailVerification.Enable on, of the connector user-email-verification.`);
      case 'no-address':
        throw new ScimError('invalidValue', `Malformed request: emails: expected an address: ${asked} mails a link there.`);
      case 'refused':
        throw operationRefused(outcome);
    }
  }

  async read(target: Omit<Target, 'ifMatch'>): Promise<ScimResource> {
    return this.shown(await this.profileOf(target));
  }

  async search(tenantDomain: string, query: UserQuery): Promise<{ readonly total: number; readonly resources: readonly ScimResource[] }> {
    const outcome = await this.users.searchUsers({ tenantDomain, realm: 'PRIMARY' }, searchFor(query));
    if (outcome.kind === 'refused') throw operationRefused(outcome);
    return { total: outcome.total, resources: outcome.profiles.map((profile) => this.shown(profile)) };
  }

  async replace(request: IncomingMessage, target: Target, body: unknown, by: By): Promise<ScimResource> {
    const { [wso2Schema]: extension, active, ...resource } = parseUser(body);
    // What is read only for the user is ignored (RFC 7644 section 3.5.1).
    const wanted = by === 'administrator' ? { ...resource, active, [wso2Schema]: extension } : resource;
    return this.change(request, target, () => wanted);
  }

  async patch(request: IncomingMessage, target: Target, body: unknown, by: By): Promise<ScimResource> {
    const { Operations: operations } = parseBody(patchRequest, body);
    return this.change(request, target, (profile) => parseUser(patched(withoutSwitches(attributesOf(profile)), operations, (attribute) => mayChange(attribute, by))));
  }

  /** @throws ApiError RKY-10005 where administrators mean themselves */
  async delete(target: Target, by: Caller): Promise<void> {
    const { user, claimsGeneration } = await this.current(target);
    if (by.roles.has('administrator') && user.id === by.user.id) throw new ApiError('RKY-10005', 'An administrator does not delete the own account.');
    const outcome = await this.users.deleteUser(user, target.ifMatch === undefined ? null : claimsGeneration);
    if (outcome.kind === 'refused') throw operationRefused(outcome);
    if (outcome.kind === 'no-such-user') throw (await this.users.findUserById(user.id)) ? anotherVersion() : noSuchUser();
  }

  /** Reads, changes, and writes if nobody else has written meanwhile; else begins again. */
  private async change(request: IncomingMessage, target: Target, wanted: (profile: UserProfile) => UserResource): Promise<ScimResource> {
    for (let attempt = 1; attempt <= attempts; attempt++) {
      const profile = await this.current(target);
      const resource = this.unambiguous(target, profile, wanted(profile));
      await this.refuseWhatIsForNewUsers(request, profile, resource);
      const claims = claimsOf(resource, profile.claims);
      if (Object.keys(claims).length === 0) return this.shown(profile);
      const outcome = await this.users.changeClaims(profile, claims);
      if (outcome.kind === 'refused') throw operationRefused(outcome);
      if (outcome.kind === 'updated') return this.shown(await this.profileOf(target));
    }
    throw new ApiError('RKY-10007');
  }

  /** A name is for good, as in WSO2; a password is the person's own affair (S34). */
  private async refuseWhatIsForNewUsers(request: IncomingMessage, { user }: UserProfile, resource: UserResource): Promise<void> {
    const { userName, password } = resource;
    const { username } = await this.names.resolve(request, { username: userName, 'tenant-domain': user.tenantDomain });
    if (canonicalUsername(username) !== canonicalUsername(user.username)) throw new ScimError('mutability', 'Malformed request: userName: it cannot be changed once the user is made.');
    if (password !== undefined) throw new ScimError('mutability', 'Malformed request: password: it is set when the user is made, and by the user from then on. Set forcePasswordReset, or start a recovery.');
    const asked = askedFirst(resource);
    if (asked) throw new ScimError('mutability', `Malformed request: ${asked}: it counts when the user is made. Send the code again, set forcePasswordReset, or start a recovery.`);
  }

  /**
   * Whoever has read both names of a switch as they are now, and writes them back different, has changed one of them.
   * @throws ApiError RKY-10120 where that was long ago, as of a request that is sent again: it must not undo what it did
   */
  private unambiguous({ ifMatch }: Target, profile: UserProfile, resource: UserResource): UserResource {
    if (!contradictsItself(resource)) return resource;
    const read = [ifMatch, versionIn(resource)].flatMap((version) => (version === undefined || version.trim() === '*' ? [] : [version]));
    if (read.length === 0) return disabled(resource);
    if (read.some((version) => isOneOf(this.shown(profile).meta.version, version))) return resource;
    throw anotherVersion();
  }

  private async current(target: Target): Promise<UserProfile> {
    const profile = await this.profileOf(target);
    const { ifMatch } = target;
    if (ifMatch !== undefined && !isOneOf(this.shown(profile).meta.version, ifMatch)) throw anotherVersion();
    return profile;
  }

  private async profileOf({ tenantDomain, id }: Omit<Target, 'ifMatch'>): Promise<UserProfile> {
    const profile = userId.safeParse(id).success ? await this.users.profileOf(id) : null;
    if (profile?.user.tenantDomain !== tenantDomain) throw noSuchUser();
    return profile;
  }

  private shown(profile: UserProfile): ScimResource {
    return resourceOf(profile, this.baseUrl);
  }
}

/** In the `meta` that a client writes back. */
function versionIn({ meta }: UserResource): string | undefined {
  return isObject(meta) && typeof meta['version'] === 'string' ? meta['version'] : undefined;
}

function mayChange({ mutability, schema, name }: Attribute, by: By): boolean {
  return mutability !== 'readOnly' && (by === 'administrator' || (schema !== wso2Schema && name !== 'active'));
}

/** Both are one: whoever sets the password by the mail has proved the address. */
function askedFirst({ [wso2Schema]: extension }: UserResource): keyof typeof firstSteps | undefined {
  return (['askPassword', 'verifyEmail'] as const).find((name) => extension?.[name]);
}

function anotherVersion(): ApiError {
  return new ApiError('RKY-10120');
}
