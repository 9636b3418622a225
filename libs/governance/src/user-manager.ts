import { randomUUID } from 'node:crypto';
import { canonicalUsername, listUsers, PasswordHistory, Roles, searchUsers, type AssignOutcome, type Claims, type DatedRecord, type HeldRecord, type PasswordHasher, type Role, type Sessions, type User, type UserCondition, type UserName, type UserRecord, type UserSearch, type UserStore } from '@rekey/identity';
import type { Database, SqlExecutor } from '@rekey/messaging';
import type { AccountChange, AccountChangedHook, ResetWay } from './account-change.ts';
import { isDisabled, isLocked, unconfirmed } from './account-status.ts';
import type { ListenerChain, Within } from './chain/listener-chain.ts';
import type { OperationName, Refusal, UserOperations } from './chain/user-operation.ts';
import type { ChainConfig } from './configured-chain.ts';
import type { ConnectorSettings } from './connector/connector-settings.ts';
import { GoverningChain, type GoverningChainParts } from './governing-chain.ts';
import type { IdentityEventHandler } from './handler/identity-event.ts';
import { isPassword } from './password-policy/password-policy.ts';
import { PasswordProof } from './password-proof.ts';
import { refuse } from './refusals.ts';
import type { AddOutcome, Authenticated, DeleteOutcome, FoundUser, ListOutcome, Refused, SearchOutcome, SetClaimsOutcome, UserProfile } from './user-outcomes.ts';

export interface UserManagerParts<Config extends ChainConfig = ChainConfig> extends Omit<GoverningChainParts<Config>, 'history' | 'tell'> {
  readonly hasher: PasswordHasher;
}

type PasswordChange = { readonly user: User; readonly passwordHash: string } & (
  | { readonly by: 'administrator' }
  /** @property replaced the generation of the password that was proved */
  | ({ readonly by: 'user'; readonly replaced: number } & OwnChange)
);

/** How a person changes their own password. */
export interface OwnChange {
  /** Theirs, where it is known, for the mail about it. */
  readonly clientAddress?: string | undefined;
  /** The token of the session that stays open; default: none does. */
  readonly keptSession?: string | undefined;
}

/** Every operation on users, with the listener chain around it. */
export class UserManager<Config extends ChainConfig = ChainConfig> {
  private readonly database: Database;
  private readonly store: UserStore;
  private readonly hasher: PasswordHasher;
  private readonly sessions: Sessions;
  private readonly roles: Roles;
  private readonly history: PasswordHistory;
  private readonly proof: PasswordProof;
  private readonly governing: GoverningChain<Config>;
  private readonly accountChanged: AccountChangedHook[] = [];

  /** @throws ListenerChainError where the configured chain cannot be built */
  constructor(parts: UserManagerParts<Config>) {
    this.database = parts.database;
    this.store = parts.store;
    this.hasher = parts.hasher;
    this.sessions = parts.sessions;
    this.roles = new Roles(parts.database);
    this.history = new PasswordHistory(parts.database, parts.hasher);
    this.proof = new PasswordProof(parts.database, parts.store, parts.hasher);
    this.governing = new GoverningChain({ ...parts, history: this.history, tell: (tx, user, change) => this.tell(tx, user, change) });
  }

  /** An operation goes through all of the chain that was there when it began, or its request. */
  get chain(): ListenerChain {
    return this.governing.current.chain;
  }

  /** Which `chain` was made from. */
  get config(): Config {
    return this.governing.current.config;
  }

  /** Those of `governance_identity_mgt`, in the order in which they are asked. */
  get handlers(): readonly IdentityEventHandler[] {
    return this.governing.current.handlers;
  }

  /**
   * From now on operations go through the chain of another configuration; those under way, and requests, end with theirs.
   * @param alongside swaps what else follows the configuration, at the same moment
   * @throws ListenerChainError where it cannot be built, or a module of a third party cannot be loaded: all stays as it is
   */
  async reconfigure(config: Config, alongside = (): void => undefined): Promise<void> {
    await this.governing.reconfigure(config, alongside);
  }

  /**
   * @param hook e.g. voids recovery keys; told of every change of a password, by the user and by an administrator or a recovery key alike,
   * and of the other changes where the handlers of `governance_identity_mgt` that see to them are enabled
   */
  onAccountChanged(hook: AccountChangedHook): void {
    this.accountChanged.push(hook);
  }

  async findUser(name: UserName): Promise<User | null> {
    return this.store.find(this.database, name);
  }

  async findUserById(id: string): Promise<User | null> {
    return this.store.findById(this.database, id);
  }

  /**
   * Does the same work for a user that does not exist, that the chain refuses, and whose password is wrong.
   * @throws HashQueueFullError
   */
  async authenticate(name: UserName, password: string): Promise<Authenticated | Refused> {
    const found = await this.findUser(name);
    // The id last: a name may come as a whole user, whose own id must not stand for nobody.
    const user = found ?? { ...name, id: randomUUID() };
    const operation: UserOperations['authenticate'] = Object.freeze({ user, exists: found !== null, authenticated: false });
    const { chain, countForNobody } = this.governing.current;
    const outcome = await chain.around('authenticate', operation, async () => {
      const credential = await this.proof.of(user, password);
      return { result: found && credential, performed: { ...operation, authenticated: found !== null && credential !== null } };
    });
    if (outcome.kind === 'refused') {
      await this.proof.of(user, password);
      await countForNobody(user);
      return asRefused(outcome.refusal);
    }
    if (outcome.result === null) return asRefused(refuse('17002'));
    if (outcome.objection) return asRefused(outcome.objection);
    await this.proof.renewHash(user, password, outcome.result);
    return { kind: 'authenticated', user, credentialGeneration: outcome.result.generation };
  }

  /**
   * @param password null for a user who is to set the first one by recovery
   * @param alongside what happens in the same transaction, e.g. writing the mail that welcomes the user
   * @param first what must be true and happen before it there, e.g. making the tenant; false: nothing is done, as where the name is taken
   * @throws HashQueueFullError
   */
  async addUser(name: UserName, password: string | null, claims: Claims, alongside?: (tx: SqlExecutor, user: User) => Promise<void>, first = async (_tx: SqlExecutor) => true): Promise<AddOutcome> {
    if (canonicalUsername(name.username) === null) return asRefused(refuse('18003'));
    const operation: { -readonly [Field in keyof UserOperations['addUser']]: UserOperations['addUser'][Field] } = { name, password, claims, user: null };
    Object.defineProperties(operation, { name: { writable: false }, password: { writable: false } });
    return this.operate<'addUser', AddOutcome>('addUser', operation, async (within) => {
      if (password !== null && !isPassword(password)) return { result: unusable, performed: null };
      const passwordHash = password === null ? null : await this.hasher.hash(password);
      const added = await this.allOrNothing(async (tx) => {
        operation.user = (await first(tx)) ? await this.store.add(tx, name, passwordHash, operation.claims) : null;
        if (operation.user === null) return false;
        await within(tx);
        await alongside?.(tx, operation.user);
        return true;
      });
      return { result: added && operation.user ? { kind: 'added', user: operation.user } : { kind: 'exists' }, performed: added ? operation : null };
    });
  }

  /** Makes sure that a user exists whom the deployment itself needs; no rule applies, and an existing one is left as it is. */
  async provision(name: UserName, password: string, claims: Claims): Promise<void> {
    if (!(await this.findUser(name))) await this.store.add(this.database, name, await this.hasher.hash(password), claims);
  }

  /**
   * Sets a password that somebody else may set: an administrator, or a recovery key. Pre hooks first; then, in one transaction that
   * holds the account, `alongside`, the password, and the end of every session; then post hooks.
   * @param alongside what must be true and happen together with it, e.g. spending the key; false: nothing is done, whatever it wrote
   * @throws HashQueueFullError
   */
  async updateCredentialByAdmin(user: User, password: string, alongside: (tx: SqlExecutor) => Promise<boolean>): Promise<{ kind: 'updated' } | { kind: 'not-done' } | Refused> {
    const operation: UserOperations['updateCredentialByAdmin'] = Object.freeze({ user, password });
    return this.operate<'updateCredentialByAdmin', { kind: 'updated' } | { kind: 'not-done' }>('updateCredentialByAdmin', operation, async (within, settings) => {
      if (!isPassword(password)) return { result: unusable, performed: null };
      // Hashing takes 17 ms: it is done before the transaction, which holds a connection and a row lock.
      const passwordHash = await this.hasher.hash(password);
      const passwordHistory = await settings.passwordHistory(user.tenantDomain);
      const updated = await this.holding(user, async (tx, held) => (await alongside(tx)) && this.changePassword(tx, held, { user, passwordHash, by: 'administrator' }, passwordHistory, within));
      return { result: { kind: updated ? 'updated' : 'not-done' }, performed: updated ? operation : null };
    });
  }

  /**
   * Sets a password for somebody who knows the old one; ends their sessions.
   * @returns 17002 where the old password is wrong, or was changed meanwhile
   * @throws HashQueueFullError
   */
  async updateCredential(user: User, oldPassword: string, newPassword: string, change: OwnChange = {}): Promise<{ kind: 'updated' } | Refused> {
    const credential = await this.proof.of(user, oldPassword);
    const operation: UserOperations['updateCredential'] = Object.freeze({ user, password: newPassword, proved: credential !== null });
    return this.operate<'updateCredential', { kind: 'updated' }>('updateCredential', operation, async (within, settings) => {
      if (credential === null) return { result: asRefused(refuse('17002')), performed: null };
      if (!isPassword(newPassword)) return { result: unusable, performed: null };
      const passwordHash = await this.hasher.hash(newPassword);
      const passwordHistory = await settings.passwordHistory(user.tenantDomain);
      const updated = await this.holding(user, (tx, held) => this.changePassword(tx, held, { user, passwordHash, by: 'user', replaced: credential.generation, ...change }, passwordHistory, within));
      return updated ? { result: { kind: 'updated' }, performed: operation } : { result: asRefused(refuse('17002')), performed: null };
    });
  }

  /**
   * @param wanted claim URIs; without them, every claim
   * @throws Error where the chain does not let them be read whole: a claim that is missing by mistake could be a lock
   */
  async getClaims(user: User, wanted: readonly string[] | null = null): Promise<Claims> {
    return this.governing.claimsThrough(this.chain, user, wanted, () => this.store.claimsOf(this.database, user.id));
  }

  /**
   * `findUser` and `getClaims` in one statement, and the chain around it as ever.
   * @param sought a name, or a user's id
   * @param nobody whom hooks see, and whose claims are none, where nobody has the name: same work, same time
   */
  async findUserWithClaims(sought: UserName | string, nobody: User, wanted: readonly string[]): Promise<FoundUser> {
    const record = typeof sought === 'string' ? await this.store.findRecordById(this.database, sought) : await this.store.findRecord(this.database, sought);
    return this.readThrough(record, nobody, wanted);
  }

  /**
   * The same of the one user in a tenant who has all of these claims. An account that waits for its confirmation is not looked at: anybody
   * can register one with anybody's address, and must not become a second who has it.
   * @param sought of `searchableClaims`, at least one
   * @returns `several`: more than one has them, which is nobody
   */
  async findUserByClaims(tenantDomain: string, sought: Claims, nobody: User, wanted: readonly string[]): Promise<FoundUser & { readonly several: boolean }> {
    const records = await this.store.findRecordsByClaims(this.database, tenantDomain, sought, unconfirmed);
    const several = records.length > 1;
    return { ...(await this.readThrough((!several && records[0]) || null, nobody, wanted)), several };
  }

  /** @returns the user with every claim that the chain lets be read; null for nobody */
  async profileOf(userId: string): Promise<UserProfile | null> {
    const record = await this.store.findRecordById(this.database, userId);
    return record && this.profileFrom(record, this.chain);
  }

  /**
   * Sets the given claims and leaves the others; a blank value removes its claim.
   * @param alongside as in `updateCredentialByAdmin`; what it refuses is not done, as for a user that does not exist
   * @returns refused where it would leave the tenant without an administrator who may sign in
   * @param resetWay what is mailed where the claims force a reset; null: as the tenant has it
   */
  async setClaims(user: User, claims: Claims, alongside?: (tx: SqlExecutor) => Promise<boolean>, resetWay: ResetWay | null = null): Promise<SetClaimsOutcome> {
    const operation: { -readonly [Field in keyof UserOperations['setClaims']]: UserOperations['setClaims'][Field] } = { user, claims, resetWay };
    return this.operate<'setClaims', SetClaimsOutcome>('setClaims', operation, async (within) => {
      let dispensable = true;
      const exists = await this.allOrNothing(async (tx) => {
        dispensable = !(isDisabled(claims) || isLocked(claims)) || (await this.roles.isDispensable(tx, user));
        if (!dispensable) return false;
        const replaced = await this.store.setClaims(tx, user.id, operation.claims);
        if (replaced === null) return false;
        operation.replaced = replaced;
        return (await alongside?.(tx)) !== false && after(within, tx);
      });
      return { result: dispensable ? { kind: exists ? 'updated' : 'no-such-user' } : asRefused(refuse('RKY-10126')), performed: exists ? operation : null };
    });
  }

  /** `setClaims` while the user's claims are those of the profile: where others have been set since, nothing is done, as for a user that does not exist. */
  async changeClaims({ user, claimsGeneration }: UserProfile, claims: Claims): Promise<SetClaimsOutcome> {
    return this.setClaims(user, claims, async (tx) => (await this.store.claimsGenerationOf(tx, user.id)) === claimsGeneration + 1);
  }

  /** Sessions and identity data go with the user; the last administrator of a tenant who may sign in stays. @param read the generation of the claims, where others set since must win; null: whatever is there */
  async deleteUser(user: User, read: number | null = null): Promise<DeleteOutcome> {
    const operation: UserOperations['deleteUser'] = Object.freeze({ user });
    return this.operate<'deleteUser', DeleteOutcome>('deleteUser', operation, async (within) => {
      let dispensable = true;
      const existed = await this.allOrNothing(async (tx) => {
        dispensable = await this.roles.isDispensable(tx, user);
        return dispensable && (await this.store.remove(tx, user.id, read)) && after(within, tx);
      });
      return { result: dispensable ? { kind: existed ? 'deleted' : 'no-such-user' } : asRefused(refuse('RKY-10126')), performed: existed ? operation : null };
    });
  }

  /** As `Roles.assign`; a recovery key that is live when a role comes is dead from then on. */
  async assignRoles(user: User, wanted: readonly Role[], by: User): Promise<AssignOutcome> {
    return this.roles.assign(user, wanted, by, (tx) => this.tell(tx, user, { kind: 'role-granted' }));
  }

  /**
   * Those of one tenant and realm, by name.
   * @param after where the list goes on: `next` of the one before; null from the first
   * @param limit at most 1000
   * @param condition null: everybody
   */
  async listUsers(of: Omit<UserName, 'username'>, after: string | null, limit: number, condition: UserCondition | null = null): Promise<ListOutcome> {
    if (!(Number.isSafeInteger(limit) && limit >= 1 && limit <= longestList)) throw new RangeError(`expected a limit of 1 to ${longestList}`);
    const operation: UserOperations['listUsers'] = Object.freeze({ tenantDomain: of.tenantDomain, realm: of.realm, after, limit, users: [] });
    const { chain, placeOf } = this.governing.current;
    const outcome = await chain.around('listUsers', operation, async () => {
      // One more than asked for tells whether there is another list.
      const found = await listUsers(this.database, of, { condition, after, limit: limit + 1 }, placeOf);
      const users = found.slice(0, limit);
      const next = found.length > limit ? (users.at(-1)?.username ?? null) : null;
      return { result: { kind: 'listed', users, next } as const, performed: Object.freeze({ ...operation, users: Object.freeze(users) }) };
    });
    if (outcome.kind === 'refused') return asRefused(outcome.refusal);
    return outcome.objection ? asRefused(outcome.objection) : outcome.result;
  }

  /** Those of one tenant and realm that are such. @param search with a limit of at most 1000 */
  async searchUsers({ tenantDomain, realm }: Omit<UserName, 'username'>, search: UserSearch): Promise<SearchOutcome> {
    const { chain, placeOf } = this.governing.current;
    const operation: UserOperations['listUsers'] = Object.freeze({ tenantDomain, realm, after: null, limit: search.limit, users: [] });
    const outcome = await chain.around('listUsers', operation, async () => {
      const found = await searchUsers(this.database, { tenantDomain, realm }, search, placeOf);
      return { result: found, performed: Object.freeze({ ...operation, users: Object.freeze(found.records.map(({ user }) => user)) }) };
    });
    if (outcome.kind === 'refused') return asRefused(outcome.refusal);
    if (outcome.objection) return asRefused(outcome.objection);
    const { records, total } = outcome.result;
    return { kind: 'found', profiles: await Promise.all(records.map((record) => this.profileFrom(record, chain))), total };
  }

  private async profileFrom({ identityData, claims, ...record }: DatedRecord, chain: ListenerChain): Promise<UserProfile> {
    return { ...record, claims: await this.governing.claimsThrough(chain, record.user, null, () => claims, identityData) };
  }

  private async readThrough(record: UserRecord | null, nobody: User, wanted: readonly string[]): Promise<FoundUser> {
    const claims = await this.governing.claimsThrough(this.chain, record?.user ?? nobody, wanted, () => record?.claims ?? {}, record?.identityData ?? {});
    return { user: record?.user ?? null, claims, claimsGeneration: record?.claimsGeneration ?? 0 };
  }

  private async operate<Name extends OperationName, Outcome>(
    name: Name,
    operation: UserOperations[Name],
    perform: (within: Within, settings: ConnectorSettings) => Promise<{ result: Outcome | Refused; performed: UserOperations[Name] | null }>,
  ): Promise<Outcome | Refused> {
    const { chain, settings } = this.governing.current;
    const outcome = await chain.around(name, operation, (within) => perform(within, settings));
    return outcome.kind === 'refused' ? asRefused(outcome.refusal) : outcome.result;
  }

  private async changePassword(
    tx: SqlExecutor,
    { claims }: HeldRecord,
    { user, passwordHash, ...change }: PasswordChange,
    { enable, count }: ChainConfig['passwordHistory'],
    within: Within,
  ): Promise<boolean> {
    if (enable) await this.history.keepPresent(tx, user.id, count);
    if (!(await this.store.setPasswordHash(tx, user.id, passwordHash, change.by === 'user' ? change.replaced : null))) return false;
    await this.sessions.endAll(tx, user.id, change.by === 'user' ? change.keptSession : undefined);
    await this.tell(tx, user, change.by === 'user' ? { kind: 'password-changed', by: 'user', claims, clientAddress: change.clientAddress } : { kind: 'password-changed', by: 'administrator' });
    return after(within, tx);
  }

  private async tell(tx: SqlExecutor, user: User, change: AccountChange): Promise<void> {
    for (const hook of this.accountChanged) await hook(tx, user, change);
  }

  /** The account first, as everybody takes it: whoever changes its claims voids recovery keys after that. Does nothing for a user that does not exist. */
  private async holding(user: User, work: (tx: SqlExecutor, held: HeldRecord) => Promise<boolean>): Promise<boolean> {
    return this.allOrNothing(async (tx) => {
      const held = await this.store.hold(tx, user.id);
      return held !== null && work(tx, held);
    });
  }

  /** @param work false: roll back */
  private async allOrNothing(work: (tx: SqlExecutor) => Promise<boolean>): Promise<boolean> {
    try {
      return await this.database.transaction(async (tx) => {
        if (!(await work(tx))) throw new RolledBack();
        return true;
      });
    } catch (error) {
      if (error instanceof RolledBack) return false;
      throw error;
    }
  }
}

const longestList = 1_000;

/** How a transaction is told to undo what it did. */
class RolledBack extends Error {}

const unusable = asRefused(refuse('20035', [{ code: 'unusable', message: 'Use a password of at least one and at most 4096 characters.' }]));

async function after(within: Within, tx: SqlExecutor): Promise<true> {
  await within(tx);
  return true;
}

function asRefused(refusal: Refusal): Refused {
  return { ...refusal, kind: 'refused' };
}
