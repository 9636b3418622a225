import { CreateIdentity1764000100000 } from './create-identity.ts';

export { canonicalUsername, realms, type Realm, type User, type UserName } from './user/user-name.ts';
export { UserStore, type Claims, type Credential, type UserRecord } from './user/user-store.ts';
export { IdentityDataStore } from './user/identity-data-store.ts';
export { HashQueueFullError, PasswordHasher, type PasswordHasherOptions } from './credential/password-hasher.ts';
export { Sessions } from './session/sessions.ts';
export { Tenants } from './tenant/tenants.ts';
export const identityMigrations = [CreateIdentity1764000100000];
