import { randomUUID } from 'node:crypto';
import { canonicalUsername, type Claims, type User, type UserName } from '@rekey/identity';
import type { TraceStep } from './chain/operation-trace.ts';
import type { OperationName, Refusal, UserOperations } from './chain/user-operation.ts';
import { isPassword } from './password-policy/password-policy.ts';
import type { UserManager } from './user-manager/user-manager.ts';

/** The operations that can be asked about; the others refuse nothing that is Rekey's own. */
export const rehearsedOperations = ['authenticate', 'addUser', 'updateCredential', 'updateCredentialByAdmin', 'setClaims', 'deleteUser'] as const satisfies readonly OperationName[];
type RehearsedOperation = (typeof rehearsedOperations)[number];

export interface Rehearsal {
  readonly operation: RehearsedOperation;
  readonly name: UserName;
  /** Which the policy is to judge, where the operation has one; null for none. Whether it is the user's nobody looks at. */
  readonly password: string | null;
  readonly claims: Claims;
}

export interface Rehearsed {
  readonly exists: boolean;
  readonly steps: readonly TraceStep[];
  /** The first of a pre hook. */
  readonly refusal: Refusal | null;
  /** Whether the user store would be asked: of a sign-in, to compare the password. */
  readonly wouldBePerformed: boolean;
}

/** "What would happen if …?" Asks the pre hooks of the chain as it is. Writes nothing, and hashes no password. */
export async function rehearse(users: UserManager, { operation, name, password, claims }: Rehearsal): Promise<Rehearsed> {
  const found = await users.findUser(name);
  const user: User = found ?? { ...name, id: randomUUID() };
  const newPassword = password ?? '';
  const operations: { readonly [Name in RehearsedOperation]: UserOperations[Name] } = {
    authenticate: { user, exists: found !== null, authenticated: false, dryRun: true },
    addUser: { name, password, claims, user: null, dryRun: true },
    updateCredential: { user, password: newPassword, proved: false, dryRun: true },
    updateCredentialByAdmin: { user, password: newPassword, dryRun: true },
    setClaims: { user, claims, dryRun: true },
    deleteUser: { user, dryRun: true },
  };
  const { refusal, steps } = await users.chain.rehearse(operation, operations[operation]);
  const exists = found !== null;
  const isPossible = operation === 'addUser' ? !exists && canonicalUsername(name.username) !== null && (password === null || isPassword(password)) : exists && (!operation.startsWith('update') || isPassword(newPassword));
  return { exists, steps, refusal, wouldBePerformed: refusal === null && isPossible };
}
