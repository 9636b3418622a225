import fc from 'fast-check';
import type { UserOperationListener } from './index.ts';
import { proceed } from './index.ts';
import { claim, disabled, locked, publishedConfig, UsersUnderTest } from './testing/users-under-test.ts';

let test: UsersUnderTest;
beforeAll(async () => (test = await UsersUnderTest.open()));
afterAll(() => test.close());

const names = ['identity_mgt', 'governance_identity_mgt', 'governance_identity_store', 'watcher', 'meddler'] as const;
const identityPrefix = claim('identity/');
const allowedFailedAttempts = 2;
const nickname = claim('nickname');

interface Told {
  readonly order: readonly number[];
  readonly flags: readonly boolean[];
  readonly lockHandler: boolean;
  readonly disableHandler: boolean;
  readonly policyHandler: boolean;
  readonly locking: boolean;
  readonly hybrid: boolean;
}

const told: fc.Arbitrary<Told> = fc.record({
  order: fc.uniqueArray(fc.integer({ min: 0, max: 200 }), { minLength: names.length, maxLength: names.length }),
  flags: fc.array(fc.boolean(), { minLength: names.length, maxLength: names.length }),
  lockHandler: fc.boolean(),
  disableHandler: fc.boolean(),
  policyHandler: fc.boolean(),
  locking: fc.boolean(),
  hybrid: fc.boolean(),
});

type Act = 'right password' | 'wrong password' | 'short new password' | 'long new password' | 'lock' | 'unlock' | 'disable' | 'enable' | 'rename' | 'meddler disables' | 'meddler forgives';
const act = fc.constantFrom<Act>('right password', 'wrong password', 'wrong password', 'short new password', 'long new password', 'lock', 'unlock', 'disable', 'enable', 'rename', 'meddler disables', 'meddler forgives');

/** What the documentation says of a chain so configured, as plainly as it can be said. */
class Model {
  private lock: 'none' | 'failed attempts' | 'administrator' = 'none';
  private isDisabled = false;
  private failures = 0;

  constructor(private readonly config: Told) {}

  private isOn(name: (typeof names)[number]): boolean {
    return this.config.flags[names.indexOf(name)] === true;
  }

  /** The names of the enabled listeners, in the order in which they are called. */
  inOrder(): readonly string[] {
    return names.filter((name) => this.isOn(name)).sort((a, b) => (this.config.order[names.indexOf(a)] ?? 0) - (this.config.order[names.indexOf(b)] ?? 0));
  }

  storesApart(): boolean {
    return this.isOn('governance_identity_store');
  }

  private does(handler: 'lockHandler' | 'disableHandler' | 'policyHandler'): boolean {
    return this.isOn('identity_mgt') || (this.isOn('governance_identity_mgt') && this.config[handler]);
  }

  /** @returns the code of the refusal, or `done` */
  expected(what: Act): string {
    switch (what) {
      case 'right password':
      case 'wrong password':
        return this.signIn(what === 'right password');
      case 'short new password':
        if (this.does('policyHandler')) return '20035';
        return this.recovered();
      case 'long new password':
        return this.recovered();
      case 'lock':
        this.lock = 'administrator';
        return 'done';
      case 'unlock':
        this.lock = 'none';
        if (this.does('lockHandler')) this.failures = 0;
        return 'done';
      case 'disable':
      case 'enable':
        this.isDisabled = what === 'disable';
        return 'done';
      case 'rename':
        return 'done';
      case 'meddler disables':
        if (this.meddles()) this.isDisabled = true;
        return 'done';
      case 'meddler forgives':
        if (!this.meddles()) this.isDisabled = true;
        return 'done';
    }
  }

  /** Whether what is done disables the user: told to whoever holds keys, and named in the trace. */
  disables(what: Act): boolean {
    return what === 'disable' || (what === 'meddler disables' && this.meddles()) || (what === 'meddler forgives' && !this.meddles());
  }

  tells(what: Act): boolean {
    return this.disables(what) && this.isOn('governance_identity_mgt');
  }

  /** Behind the store it gets no identity claims into its hands, nor out of them. */
  private meddles(): boolean {
    const [store, meddler] = [this.config.order[names.indexOf('governance_identity_store')] ?? 0, this.config.order[names.indexOf('meddler')] ?? 0];
    return this.isOn('meddler') && (!this.storesApart() || meddler < store);
  }

  private signIn(isRight: boolean): string {
    for (const name of this.inOrder()) {
      const legacy = name === 'identity_mgt';
      if (!legacy && name !== 'governance_identity_mgt') continue;
      if (this.lock !== 'none' && (legacy || this.config.lockHandler)) return '17003';
      if (this.isDisabled && (legacy || this.config.disableHandler)) return '17004';
    }
    const counts = this.config.locking && this.does('lockHandler');
    if (isRight) {
      if (counts) this.failures = 0;
      return 'done';
    }
    if (counts && ++this.failures === allowedFailedAttempts) {
      this.lock = 'failed attempts';
      this.failures = 0;
    }
    return '17002';
  }

  private recovered(): string {
    if (!this.does('lockHandler')) return 'done';
    if (this.lock === 'failed attempts') this.lock = 'none';
    if (this.lock === 'none') this.failures = 0;
    return 'done';
  }

  claims(): Record<string, boolean> {
    return { locked: this.lock !== 'none', disabled: this.isDisabled };
  }
}

describe('the configured chain', () => {
  it('does what a plain model of it does: whatever the flags, the priorities and the handlers, and whatever is done to a user', async () => {
    await fc.assert(
      fc.asyncProperty(told, fc.array(act, { minLength: 1, maxLength: 8 }), async (config, acts) => {
        const watcher: UserOperationListener = { name: 'watcher', pre: { authenticate: () => proceed } };
        const meddler: UserOperationListener = {
          name: 'meddler',
          pre: {
            setClaims({ claims: { [disabled]: _, ...rest } }) {
              if (rest[nickname] === 'disabled') return { kind: 'continue', claims: { ...rest, [disabled]: 'true' } };
              return rest[nickname] === 'forgiven' ? { kind: 'continue', claims: rest } : proceed;
            },
          },
        };
        const users = test.manager({
          listeners: Object.fromEntries(names.map((name, index) => [name, { priority: config.order[index] ?? 0, enable: config.flags[index] === true }])),
          handlers: {
            'account.lock.handler': { priority: null, enable: config.lockHandler },
            'account.disable.handler': { priority: null, enable: config.disableHandler },
            passwordPolicy: { priority: null, enable: config.policyHandler },
          },
          accountLocking: { ...publishedConfig.accountLocking, enable: config.locking, allowedFailedAttempts },
          hybridDataStore: config.hybrid,
          more: [watcher, meddler],
        });
        const model = new Model(config);
        expect(users.chain.names()).toEqual(model.inOrder());

        let password = 'correct horse';
        const user = await test.aUser(users, password, { [claim('givenname')]: 'Kim' });
        const perform: Record<Act, () => Promise<{ readonly kind: string; readonly code?: string }>> = {
          'right password': () => users.authenticate(user, password),
          'wrong password': () => users.authenticate(user, 'wrong horse'),
          'short new password': () => users.updateCredentialByAdmin(user, 'shorty', async () => Promise.resolve(true)),
          'long new password': () => users.updateCredentialByAdmin(user, 'battery staple', async () => Promise.resolve(true)),
          lock: () => users.setClaims(user, { [locked]: 'true' }),
          unlock: () => users.setClaims(user, { [locked]: 'false' }),
          disable: () => users.setClaims(user, { [disabled]: 'true' }),
          enable: () => users.setClaims(user, { [disabled]: 'false' }),
          rename: () => users.setClaims(user, { [claim('givenname')]: 'Lee' }),
          'meddler disables': () => users.setClaims(user, { [nickname]: 'disabled' }),
          'meddler forgives': () => users.setClaims(user, { [nickname]: 'forgiven', [disabled]: 'true' }),
        };
        const told: string[] = [];
        users.onAccountChanged(async (_, __, { kind }) => void told.push(kind));
        for (const what of acts) {
          told.length = 0;
          const outcome = await perform[what]();
          expect([what, outcome.kind === 'refused' ? outcome.code : 'done']).toEqual([what, model.expected(what)]);
          expect([what, told.includes('account-disabled')]).toEqual([what, model.tells(what)]);
          const trace = users.chain.traces.latest().findLast(({ operation }) => operation !== 'getClaims');
          expect([what, what !== 'enable' && trace?.claims.includes(disabled) === true]).toEqual([what, model.disables(what)]);
          if (outcome.kind === 'updated' && what === 'short new password') password = 'shorty';
          if (outcome.kind === 'updated' && what === 'long new password') password = 'battery staple';
        }

        const claims = await users.getClaims(user);
        expect({ locked: claims[locked] === 'true', disabled: claims[disabled] === 'true' }).toEqual(model.claims());
        // Identity claims are in the one store or in the other, never in both.
        const [inUserStore, apart] = [Object.keys(await test.store.claimsOf(test.database, user.id)), Object.keys(await test.identityDataOf(user))];
        expect([...inUserStore, ...apart].sort()).toEqual(Object.keys(claims).sort());
        expect(inUserStore.some((uri) => uri.startsWith(identityPrefix))).toBe(!model.storesApart() && Object.keys(claims).some((uri) => uri.startsWith(identityPrefix)));
        for (const { operation, steps } of users.chain.traces.latest()) {
          if (operation !== 'authenticate') continue;
          const asked = steps.filter(({ hook, listener }) => hook === 'pre' && !listener.includes('/')).map(({ listener }) => listener);
          expect(asked).toEqual(model.inOrder().filter((name) => asked.includes(name)));
        }
      }),
      { numRuns: 150 },
    );
  }, 180_000);
});
