import { canonicalUsername, IdentityDataStore, PasswordHasher, Sessions, UserStore, type Claims, type User, type UserName } from '@rekey/identity';
import type { Database, SqlExecutor } from '@rekey/messaging';
import type { Logger } from '@rekey/observability';
import { ListenerChain, type ListenerSettings } from './chain/listener-chain.ts';
import type { PolicyReason, UserOperations } from './chain/user-operation.ts';
import { accountDisableHandler, accountLockHandler } from './handler/account-status.handlers.ts';
import { passwordPolicyHandler } from './handler/password-policy.handler.ts';
import { governanceIdentityMgtListener } from './listener/governance-identity-mgt.listener.ts';
import { governanceIdentityStoreListener } from './listener/governance-identity-store.listener.ts';
import { identityMgtListener } from './listener/identity-mgt.listener.ts';
import { PasswordPolicy, type PasswordPolicySettings } from './password-policy/password-policy.ts';

export interface Refused {
  readonly kind: 'refused';
  /** From WSO2's list. */
  readonly code: string;
  readonly message: string;
  readonly reasons?: readonly PolicyReason[];
}

export interface UserManagerParts {
  readonly database: Database;
  readonly store: UserStore;
  readonly hasher: PasswordHasher;
  readonly sessions: Sessions;
  readonly config: { readonly listeners: Readonly<Record<string, ListenerSettings>>; readonly passwordPolicy: PasswordPolicySettings };
  readonly log: Logger;
}

const wrongCredentials: Refused = { kind: 'refused', code: '17002', message: 'The username or the password is wrong.' };

/** Every operation on users, with the listener chain around it. */
export class UserManager {
  readonly chain: ListenerChain;
  private readonly database: Database;
  private readonly store: UserStore;
  private readonly hasher: PasswordHasher;
  private readonly sessions: Sessions;

  /** @throws ListenerChainError where the configured chain cannot be built */
  constructor({ database, store, hasher, sessions, config, log }: UserManagerParts) {
    this.database = database;
    this.store = store;
    this.hasher = hasher;
    this.sessions = sessions;
    const policy = new PasswordPolicy(config.passwordPolicy);
    const read = (user: User, wanted: readonly string[]) => this.getClaims(user, wanted);
    this.chain = new ListenerChain(
      [
        identityMgtListener(policy, read),
        governanceIdentityMgtListener([accountLockHandler(read), accountDisableHandler(read), passwordPolicyHandler(policy)]),
        governanceIdentityStoreListener(database, new IdentityDataStore()),
      ],
      config.listeners,
      log,
    );
  }

  async findUser(name: UserName): Promise<User | null> {
    return this.store.find(this.database, name);
  }

  async findUserById(id: string): Promise<User | null> {
    return this.store.findById(this.database, id);
  }

  /** Takes as long for a user that does not exist, or that the chain refuses, as for a wrong password. */
  async authenticate(name: UserName, password: string): Promise<{ kind: 'authenticated'; user: User } | Refused> {
    const user = await this.findUser(name);
    if (!user) {
      await this.hasher.verify(password, null);
      return wrongCredentials;
    }
    const operation: UserOperations['authenticate'] = { user, authenticated: false };
    const outcome = await this.chain.around('authenticate', operation, async () => {
      const stored = await this.store.passwordHashOf(this.database, user.id);
      const authenticated = await this.hasher.verify(password, stored);
      if (authenticated && stored !== null && this.hasher.needsRehash(stored)) await this.store.setPasswordHash(this.database, user.id, await this.hasher.hash(password));
      return { result: authenticated, performed: { ...operation, authenticated } };
    });
    if (outcome.kind === 'refused') {
      await this.hasher.verify(password, null);
      return { ...outcome.refusal, kind: 'refused' };
    }
    if (outcome.objection) return { ...outcome.objection, kind: 'refused' };
    return outcome.result ? { kind: 'authenticated', user } : wrongCredentials;
  }

  /** @param password null for a user who is to set the first one by recovery */
  async addUser(name: UserName, password: string | null, claims: Claims): Promise<{ kind: 'added'; user: User } | { kind: 'exists' } | Refused> {
    if (canonicalUsername(name.username) === null) return { kind: 'refused', code: '18003', message: 'The username must not begin or end with a blank, nor contain invisible characters.' };
    const operation: { -readonly [Field in keyof UserOperations['addUser']]: UserOperations['addUser'][Field] } = { name, password, claims, user: null };
    const outcome = await this.chain.around('addUser', operation, async () => {
      operation.user = await this.insert(name, password, operation.claims);
      return { result: operation.user, performed: operation.user && operation };
    });
    if (outcome.kind === 'refused') return { ...outcome.refusal, kind: 'refused' };
    return outcome.result ? { kind: 'added', user: outcome.result } : { kind: 'exists' };
  }

  /** Makes sure that a user exists whom the deployment itself needs; no rule applies, and an existing one is left as it is. */
  async provision(name: UserName, password: string, claims: Claims): Promise<void> {
    if (!(await this.findUser(name))) await this.insert(name, password, claims);
  }

  /**
   * Sets a password that somebody else may set: an administrator, or a recovery key. Pre hooks first; then, in one transaction,
   * `alongside`, the password, and the end of every session; then post hooks.
   * @param alongside what must be true and happen together with it, e.g. spending the key; false: nothing is done
   */
  async updateCredentialByAdmin(user: User, password: string, alongside: (tx: SqlExecutor) => Promise<boolean>): Promise<{ kind: 'updated' } | { kind: 'not-done' } | Refused> {
    const operation: UserOperations['updateCredentialByAdmin'] = { user, password };
    const outcome = await this.chain.around('updateCredentialByAdmin', operation, async () => {
      // Hashing takes 17 ms: it is done before the transaction, which holds a connection and a row lock.
      const passwordHash = await this.hasher.hash(password);
      const updated = await this.database.transaction(async (tx) => {
        if (!(await alongside(tx))) return false;
        if (!(await this.store.setPasswordHash(tx, user.id, passwordHash))) throw new Error('the user was deleted meanwhile');
        await this.sessions.endAll(tx, user.id);
        return true;
      });
      return { result: updated, performed: updated ? operation : null };
    });
    if (outcome.kind === 'refused') return { ...outcome.refusal, kind: 'refused' };
    return { kind: outcome.result ? 'updated' : 'not-done' };
  }

  /** @param wanted claim URIs; without them, every claim */
  async getClaims(user: User, wanted: readonly string[] | null = null): Promise<Claims> {
    const operation: UserOperations['getClaims'] = { user, asked: wanted, wanted, claims: {} };
    const outcome = await this.chain.around('getClaims', operation, async () => {
      const stored = await this.store.claimsOf(this.database, user.id);
      const asked = operation.wanted;
      operation.claims = asked === null ? stored : Object.fromEntries(asked.flatMap((uri) => (stored[uri] === undefined ? [] : [[uri, stored[uri]]])));
      return { result: null, performed: operation };
    });
    if (outcome.kind === 'refused') throw new Error(`claims may not be read: ${outcome.refusal.message}`);
    return operation.claims;
  }

  private async insert(name: UserName, password: string | null, claims: Claims): Promise<User | null> {
    const passwordHash = password === null ? null : await this.hasher.hash(password);
    return this.store.add(this.database, name, passwordHash, claims);
  }
}
