import { CreateIdentity1764000100000 } from './create-identity.ts';
import { CreatePasswordHistory1764100000000 } from './credential/create-password-history.ts';
import { DescribeSessions1764100100000 } from './session/describe-sessions.ts';
import { CountClaims1764150000000 } from './user/count-claims.ts';
import { KnowAddresses1764212000000 } from './user-search/know-addresses.ts';

export { canonicalUsername, realms, type Realm, type User, type UserName } from './user/user-name.ts';
export { addressClaims, addressTypes, type AddressType } from './user/address-claims.ts';
export { UserStore, type Claims, type Credential, type DatedRecord, type HeldRecord, type UserRecord } from './user/user-store.ts';
export { searchUsers, type UserSearch } from './user-search/search-users.ts';
export type { ClaimPlace } from './user-search/condition-sql.ts';
export type { AddressCondition, AddressField, Comparison, Condition, Test, UserCondition, UserField, UserTest } from './user-search/user-condition.ts';
export { IdentityDataStore } from './user/identity-data-store.ts';
export { HashQueueFullError, PasswordHasher, type HashingCost, type PasswordHasherOptions } from './credential/password-hasher.ts';
export { PasswordHistory } from './credential/password-history.ts';
export { Sessions, type Session } from './session/sessions.ts';
export { Tenants } from './tenant/tenants.ts';
export const identityMigrations = [CreateIdentity1764000100000, CreatePasswordHistory1764100000000, DescribeSessions1764100100000, CountClaims1764150000000, KnowAddresses1764212000000];
