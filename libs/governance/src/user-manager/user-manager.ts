import { randomUUID } from 'node:crypto';
import { canonicalUsername, PasswordHistory, Roles, type AssignOutcome, type Claims, type PasswordHasher, type Role, type User, type UserName } from '@rekey/identity';
import type { SqlExecutor } from '@rekey/messaging';
import type { AccountChangedHook, ResetWay } from '../account-change.ts';
import { isDisabled, isLocked } from '../account-status.ts';
import type { Within } from '../chain/listener-chain.ts';
import type { OperationName, UserOperations } from '../chain/user-operation.ts';
import type { ChainConfig } from '../configured-chain.ts';
import type { ConnectorSettings } from '../connector/connector-settings.ts';
import { GoverningChain, type GoverningChainParts } from '../governing-chain.ts';
import type { IdentityEventHandler } from '../handler/identity-event.ts';
import { isPassword } from '../password-policy/password-policy.ts';
import { refuse } from '../refusals.ts';
import { allOrNothing, holding } from './account-transaction.ts';
import { PasswordChanger, type OwnChange } from './password-changer.ts';
import { PasswordProof } from './password-proof.ts';
import { asRefused, type AddOutcome, type Authenticated, type DeleteOutcome, type Refused, type SetClaimsOutcome, type UserProfile } from './user-outcomes.ts';
import { UserReader } from './user-reader.ts';

export interface UserManagerParts<Config extends ChainConfig = ChainConfig> extends Omit<GoverningChainParts<Config>, 'history' | 'tell'> {
  readonly hasher: PasswordHasher;
}

/** Every operation on users, with the listener chain around it. */
export class UserManager<Config extends ChainConfig = ChainConfig> extends UserReader<Config> {
  private readonly hasher: PasswordHasher;
  private readonly roles: Roles;
  private readonly proof: PasswordProof;
  private readonly passwords: PasswordChanger;
  private readonly accountChanged: AccountChangedHook[];
  private readonly tell: AccountChangedHook;

  /** @throws ListenerChainError where the configured chain cannot be built */
  constructor(parts: UserManagerParts<Config>) {
    const { database, store, hasher, sessions } = parts;
    const history = new PasswordHistory(database, hasher);
    const accountChanged: AccountChangedHook[] = [];
    const tell: AccountChangedHook = async (tx, user, change) => {
      for (const hook of accountChanged) await hook(tx, user, change);
    };
    super(database, store, new GoverningChain({ ...parts, history, tell }));
    this.hasher = hasher;
    this.roles = new Roles(database);
    this.proof = new PasswordProof(database, store, hasher);
    this.passwords = new PasswordChanger({ store, sessions, history, tell });
    this.accountChanged = accountChanged;
    this.tell = tell;
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
      const added = await allOrNothing(this.database, async (tx) => {
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
   * @param alongside what must be true and happen together with it, e.g. spending the key; false: nothing is done, whatever it wrote. It calls `provesAddress` where that shows that the person reads mail at the address
   * @throws HashQueueFullError
   */
  async updateCredentialByAdmin(user: User, password: string, alongside: (tx: SqlExecutor, provesAddress: () => void) => Promise<boolean>): Promise<{ kind: 'updated' } | { kind: 'not-done' } | Refused> {
    const operation: { -readonly [Field in keyof UserOperations['updateCredentialByAdmin']]: UserOperations['updateCredentialByAdmin'][Field] } = { user, password, provesAddress: false };
    Object.defineProperties(operation, { user: { writable: false }, password: { writable: false } });
    return this.operate<'updateCredentialByAdmin', { kind: 'updated' } | { kind: 'not-done' }>('updateCredentialByAdmin', operation, async (within, settings) => {
      if (!isPassword(password)) return { result: unusable, performed: null };
      // Hashing takes 17 ms: it is done before the transaction, which holds a connection and a row lock.
      const passwordHash = await this.hasher.hash(password);
      const passwordHistory = await settings.passwordHistory(user.tenantDomain);
      const updated = await holding(this.database, this.store, user, async (tx, held) => {
        operation.provesAddress = false;
        const provesAddress = () => void (operation.provesAddress = true);
        return (await alongside(tx, provesAddress)) && (await this.passwords.change(tx, user, held, { passwordHash, by: 'administrator' }, passwordHistory)) && after(within, tx);
      });
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
      const own = { passwordHash, by: 'user', replaced: credential.generation, ...change } as const;
      const updated = await holding(this.database, this.store, user, async (tx, held) => (await this.passwords.change(tx, user, held, own, passwordHistory)) && after(within, tx));
      return updated ? { result: { kind: 'updated' }, performed: operation } : { result: asRefused(refuse('17002')), performed: null };
    });
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
      const exists = await allOrNothing(this.database, async (tx) => {
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
      const existed = await allOrNothing(this.database, async (tx) => {
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

  /** For the composition root, as `provision`: what `deployment.toml` says gives a role as an administrator does. */
  async bestowRole(user: User, role: Role): Promise<void> {
    await this.roles.bestow(user, role, (tx) => this.tell(tx, user, { kind: 'role-granted' }));
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
}

const unusable = asRefused(refuse('20035', [{ code: 'unusable', message: 'Use a password of at least one and at most 4096 characters.' }]));

async function after(within: Within, tx: SqlExecutor): Promise<true> {
  await within(tx);
  return true;
}
