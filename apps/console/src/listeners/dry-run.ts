import { answered, rekey, type RekeyApi } from '@rekey/web';
import { useMutation } from '@tanstack/react-query';

type Request = RekeyApi['/listeners/dry-run']['post']['requestBody']['content']['application/json'];
export type Operation = Request['operation'];
export type Rehearsal = RekeyApi['/listeners/dry-run']['post']['responses']['200']['content']['application/json'];

/** As the API orders them: signing in, making, changing, deleting. */
export const operations: readonly Operation[] = ['authenticate', 'addUser', 'updateCredential', 'updateCredentialByAdmin', 'setClaims', 'deleteUser'];

export interface Claim {
  readonly uri: string;
  readonly value: string;
}

export interface Draft {
  readonly operation: Operation;
  readonly username: string;
  readonly password: string;
  readonly claims: readonly Claim[];
}

export function takesPassword(operation: Operation): boolean {
  return operation === 'addUser' || operation === 'updateCredential' || operation === 'updateCredentialByAdmin';
}

export function takesClaims(operation: Operation): boolean {
  return operation === 'addUser' || operation === 'setClaims';
}

export function useDryRun() {
  return useMutation({
    mutationFn: async ({ operation, username, password, claims }: Draft) =>
      answered(
        rekey.POST('/listeners/dry-run', {
          body: {
            operation,
            user: { username: username.trim() },
            ...(takesPassword(operation) && password !== '' ? { password } : {}),
            claims: takesClaims(operation) ? Object.fromEntries(claims.flatMap(({ uri, value }) => (uri.trim() === '' ? [] : [[uri.trim(), value]]))) : {},
          },
        }),
      ),
  });
}
