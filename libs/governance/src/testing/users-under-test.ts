import { randomUUID } from 'node:crypto';
import { identityMigrations, PasswordHasher, Sessions, UserStore, type Claims, type User } from '@rekey/identity';
import { Database } from '@rekey/messaging';
import { createLogger } from '@rekey/observability';
import { aDatabase } from '@rekey/test-kit';
import { governanceMigrations, UserManager, StoredSettings, type AuditLog, type ChainConfig, type UserOperationListener } from '../index.ts';

export const claim = (name: string): string => `http://wso2.org/claims/${name}`;
export const locked = claim('identity/accountLocked');
export const disabled = claim('identity/accountDisabled');

/** As WSO2 publishes it. */
export const publishedListeners = {
  identity_mgt: { priority: 50, enable: false },
  governance_identity_mgt: { priority: 95, enable: true },
  governance_identity_store: { priority: 97, enable: true },
} as const satisfies ChainConfig['listeners'];

/** As it is without a word about it in `deployment.toml`, but for the policy: it takes passwords of 8 characters. */
export const publishedConfig: ChainConfig = {
  listeners: publishedListeners,
  hybridDataStore: false,
  customListeners: [],
  customHandlers: [],
  handlers: {},
  passwordRecovery: {
    enable: true,
    linkValidityMinutes: 60,
    notifyOnReset: true,
    manageInternally: true,
    callbackPattern: 'https://localhost:9443/.*',
    cooldownSeconds: 60,
    maxResendAttempts: 5,
    toleranceMinutes: 0,
    otp: { sendInEmail: false, uppercase: true, lowercase: true, numeric: true, length: 6 },
    recaptcha: false,
    tells: { existence: false, address: false, status: false },
  },
  usernameRecovery: { enable: false, recaptcha: false },
  adminForcedReset: { byLink: true, byOtp: false, validityMinutes: 1_440 },
  claimUpdate: { verifyEmail: false, verificationMinutes: 1_440, notifyExisting: true },
  selfRegistration: { enable: false, lockOnCreation: true, verificationMinutes: 1_440, notifyOnConfirmation: false, recaptcha: false, resendRecaptcha: false },
  userOnboarding: { enable: false, verificationMinutes: 1_440, askPasswordMinutes: 1_440 },
  passwordPolicy: { enable: true, minLength: 8, maxLength: 128, pattern: null, breachedList: true, contextWords: [] },
  passwordHistory: { enable: false, count: 5 },
  accountLocking: { enable: false, allowedFailedAttempts: 5, autoUnlockAfterSeconds: 300, autoUnlockTimeIncrementRatio: 2, notify: true },
};

export interface Setting extends Partial<ChainConfig> {
  readonly policy?: Partial<ChainConfig['passwordPolicy']>;
  readonly more?: readonly UserOperationListener[];
  readonly audit?: AuditLog;
}

/** User managers on a real, empty database. */
export class UsersUnderTest {
  readonly store = new UserStore();
  readonly hasher = new PasswordHasher({ queueLength: 500 });
  readonly sessions: Sessions;
  readonly stored: StoredSettings;

  private constructor(
    readonly database: Database,
    private readonly dropDatabase: () => Promise<void>,
  ) {
    this.sessions = new Sessions(database);
    this.stored = new StoredSettings(database);
  }

  static async open(): Promise<UsersUnderTest> {
    const { settings, drop } = await aDatabase();
    // Fifty sign-ins at once take turns at one account: on a loaded machine the last one waits long for its connection.
    const database = await Database.open({ ...settings, poolSize: 10 }, [...identityMigrations, ...governanceMigrations], { connectionTimeoutMs: 20_000 });
    return new UsersUnderTest(database, drop);
  }

  manager({ policy = {}, more = [], audit, ...config }: Setting = {}): UserManager {
    const { database, store, hasher, sessions, stored } = this;
    return new UserManager({ database, store, hasher, sessions, stored, config: this.config({ ...config, policy }), log: createLogger('test', { level: 'silent' }), listeners: more, ...(audit ? { audit } : {}) });
  }

  /** For `reconfigure`. */
  config({ policy = {}, ...config }: Omit<Setting, 'more' | 'audit'> = {}): ChainConfig {
    return { ...publishedConfig, ...config, passwordPolicy: { ...publishedConfig.passwordPolicy, ...config.passwordPolicy, ...policy } };
  }

  /** A user of a name of its own. @param password null for none */
  async aUser(users: UserManager, password: string | null, claims: Claims = {}): Promise<User> {
    const outcome = await users.addUser({ tenantDomain: 'carbon.super', realm: 'PRIMARY', username: `user-${randomUUID()}` }, password, claims);
    if (outcome.kind !== 'added') throw new Error(`the user was not added: ${JSON.stringify(outcome)}`);
    return outcome.user;
  }

  /** Of a user whose password was never changed. @returns its token */
  async aSession(user: User): Promise<string> {
    const token = await this.sessions.open({ user, credentialGeneration: 0 }, 8);
    if (token === null) throw new Error('expected a user whose password was never changed');
    return token;
  }

  async identityDataOf({ id }: User): Promise<Claims> {
    return (await this.database.query<{ claims: Claims }>('SELECT claims FROM identity_data WHERE user_id = $1', [id]))[0]?.claims ?? {};
  }

  async close(): Promise<void> {
    await this.database.close();
    await this.dropDatabase();
  }
}
