import type { Claims, Realm, User, UserName } from '@rekey/identity';
import type { SqlExecutor } from '@rekey/messaging';
import type { ResetWay } from '../account-change.ts';
import type { ClaimsOperation } from './claims-change.ts';

interface Operations {
  authenticate: {
    readonly user: User;
    /** False: nobody has this name. Hooks run all the same, so that it takes as long; `user.id` is in no table then. */
    readonly exists: boolean;
    /** In post hooks: whether the password was right, and no listener refused yet. */
    readonly authenticated: boolean;
  };
  addUser: ClaimsOperation & { readonly name: UserName; readonly password: string | null; /** Who was added, once that is done. */ readonly user: User | null };
  /** `proved`: whether the old password was right. Where it was not, nothing is done, and no hook may tell what it knows of the present one. */
  updateCredential: { readonly user: User; readonly password: string; readonly proved: boolean };
  /** `provesAddress`, once that is known: whether it is done with what was mailed to the user's address. */
  updateCredentialByAdmin: { readonly user: User; readonly password: string; readonly provesAddress?: boolean };
  /** `replaced`: all that the user store had, once that is done. `resetWay`: what a forced reset mails, where that is not the tenant's to say. */
  setClaims: ClaimsOperation & { readonly user: User; readonly replaced?: Claims; readonly resetWay?: ResetWay | null };
  /** `asked` is what the caller wants (null: everything), `wanted` what of it the user store is asked for, `claims` in post hooks what has been found. */
  getClaims: { readonly user: User; readonly asked: readonly string[] | null; wanted: readonly string[] | null; claims: Claims };
  deleteUser: { readonly user: User };
  /** The next `limit` names behind `after` (null: from the first); `users` in post hooks are those found. */
  listUsers: { readonly tenantDomain: string; readonly realm: Realm; readonly after: string | null; readonly limit: number; readonly users: readonly User[] };
}

/**
 * The operations that run through the listener chain, with what a hook sees of each. What is `readonly` a hook cannot change; the
 * claim maps it may. None holds a recovery key or a password hash. `dryRun`: somebody only asks what would happen; a hook decides as
 * ever, and writes nothing.
 */
export type UserOperations = { [Name in keyof Operations]: Operations[Name] & { readonly dryRun?: true } };

export type OperationName = keyof UserOperations;

const everyOperation: Readonly<Record<OperationName, true>> = { authenticate: true, addUser: true, updateCredential: true, updateCredentialByAdmin: true, setClaims: true, getClaims: true, deleteUser: true, listUsers: true };
export const operationNames = Object.keys(everyOperation) as readonly OperationName[]; // the keys just written

/** A rule that a password or a claim breaks. */
export interface PolicyReason {
  readonly code: string;
  readonly message: string;
}

export interface Refusal {
  readonly kind: 'refuse';
  /** From WSO2's list, e.g. 17003, or a third party's own. */
  readonly code: string;
  readonly message: string;
  readonly reasons?: readonly PolicyReason[];
}

export type Verdict =
  | {
      readonly kind: 'continue';
      /** Of a pre hook of `addUser` and `setClaims`: what later listeners and the user store get in the place of those that it saw. */
      readonly claims?: Claims;
    }
  | Refusal;

export const proceed: Verdict = { kind: 'continue' };

/** For a hook that asks others in turn: leaves a step of theirs in the trace. @param startedAt of `performance.now()` */
export type Report = (part: string, verdict: string, startedAt: number) => void;

/** A hook that answers at once costs no promise: most of them do. */
export type Hook<Name extends OperationName> = (operation: UserOperations[Name], report: Report) => Verdict | Promise<Verdict>;

export type Hooks = { readonly [Name in OperationName]?: Hook<Name> };

/** Operations that write, in one transaction. */
export type WritingOperation = Exclude<OperationName, 'authenticate' | 'getClaims' | 'listUsers'>;

/** Takes part in the operation's transaction: what it throws undoes the whole operation. Run again where the transaction is tried again. */
export type TransactionHook<Name extends WritingOperation> = (operation: UserOperations[Name], tx: SqlExecutor) => Promise<void>;

export type TransactionHooks = { readonly [Name in WritingOperation]?: TransactionHook<Name> };

/**
 * Stands around user operations. Pre hooks may refuse (nothing is done then) or change the claims that later ones see. Post hooks run
 * after the commit, every one of them: a refusal there undoes nothing, except that it turns an authentication that succeeded into one
 * that did not.
 */
export interface UserOperationListener {
  /** As in `[event.default_listener.<name>]`. */
  readonly name: string;
  readonly pre?: Hooks;
  /** After the user store's own statement: for data that must stand or fall with the user's. */
  readonly within?: TransactionHooks;
  readonly post?: Hooks;
}
