import { CreateIdentity1764000100000 } from './create-identity.ts';
import { CreatePasswordHistory1764100000000 } from './credential/create-password-history.ts';
import { DescribeSessions1764100100000 } from './session/describe-sessions.ts';
import { CountClaims1764150000000 } from './user/count-claims.ts';

export { canonicalUsername, realms, type Realm, type User, type UserName } from './user/user-name.ts';
export { UserStore, type Claims, type Credential, type HeldRecord, type UserRecord } from './user/user-store.ts';
export { IdentityDataStore } from './user/identity-data-store.ts';
export { HashQueueFullError, PasswordHasher, type HashingCost, type PasswordHasherOptions } from './credential/password-hasher.ts';
export { PasswordHistory } from './credential/password-history.ts';
export { Sessions, type Session } from './session/sessions.ts';
export { Tenants } from './tenant/tenants.ts';
export const identityMigrations = [CreateIdentity1764000100000, CreatePasswordHistory1764100000000, DescribeSessions1764100100000, CountClaims1764150000000];
