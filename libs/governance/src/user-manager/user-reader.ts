import { listUsers, nobodysRecord, searchUsers, type Claims, type DatedRecord, type SoughtRecord, type User, type UserCondition, type UserName, type UserSearch, type UserStore } from '@rekey/identity';
import { keysetPage, type Database } from '@rekey/messaging';
import { unconfirmed } from '../account-status.ts';
import type { ListenerChain } from '../chain/listener-chain.ts';
import type { UserOperations } from '../chain/user-operation.ts';
import type { ChainConfig } from '../configured-chain.ts';
import type { GoverningChain } from '../governing-chain.ts';
import { asRefused, type FoundUser, type ListOutcome, type SearchOutcome, type UserProfile } from './user-outcomes.ts';

const longestList = 1_000;

/** Whoever is there, and the claims that the listener chain lets be read. */
export class UserReader<Config extends ChainConfig = ChainConfig> {
  constructor(
    protected readonly database: Database,
    protected readonly store: UserStore,
    protected readonly governing: GoverningChain<Config>,
  ) {}

  /** An operation goes through all of the chain that was there when it began, or its request. */
  get chain(): ListenerChain {
    return this.governing.current.chain;
  }

  async findUser(name: UserName): Promise<User | null> {
    return this.store.find(this.database, name);
  }

  async findUserById(id: string): Promise<User | null> {
    return this.store.findById(this.database, id);
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
   * @param nobody whom hooks see where nobody has the name, with an address and a name like anybody's: same work, same time
   */
  async findUserWithClaims(sought: UserName | string, nobody: User, wanted: readonly string[]): Promise<FoundUser> {
    const record = typeof sought === 'string' ? await this.store.seekRecordById(this.database, sought, nobody) : await this.store.seekRecord(this.database, sought, nobody);
    return this.readThrough(record, wanted);
  }

  /**
   * The same of the one user in a tenant who has all of these claims. An account that waits for its confirmation is not looked at: anybody
   * can register one with anybody's address, and must not become a second who has it.
   * @param sought of `searchableClaims`, at least one
   * @returns `several`: more than one has them, which is nobody
   */
  async findUserByClaims(tenantDomain: string, sought: Claims, nobody: User, wanted: readonly string[]): Promise<FoundUser & { readonly several: boolean }> {
    const [record, another] = await this.store.seekRecordsByClaims(this.database, tenantDomain, sought, unconfirmed, nobody);
    const several = another !== undefined;
    return { ...(await this.readThrough(!several && record ? record : nobodysRecord(nobody), wanted)), several };
  }

  /** @returns the user with every claim that the chain lets be read; null for nobody */
  async profileOf(userId: string): Promise<UserProfile | null> {
    const record = await this.store.findRecordById(this.database, userId);
    return record && this.profileFrom(record, this.chain);
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
      const { page: users, next } = await keysetPage(limit, (rows) => listUsers(this.database, of, { condition, after, limit: rows }, placeOf), ({ username }) => username);
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

  private async readThrough({ user, exists, identityData, claims: stored, claimsGeneration }: SoughtRecord, wanted: readonly string[]): Promise<FoundUser> {
    const claims = await this.governing.claimsThrough(this.chain, user, wanted, () => stored, identityData);
    return { user: exists ? user : null, claims, claimsGeneration };
  }
}
