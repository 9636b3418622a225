import { operationNames, type OperationName, type TransactionHooks, type UserOperations, type Verdict } from '../chain/user-operation.ts';

/** WSO2's names of the identity events, one for each hook. */
const eventNames = {
  authenticate: 'AUTHENTICATION',
  addUser: 'ADD_USER',
  updateCredential: 'UPDATE_CREDENTIAL',
  updateCredentialByAdmin: 'UPDATE_CREDENTIAL_BY_ADMIN',
  setClaims: 'SET_USER_CLAIMS',
  getClaims: 'GET_USER_CLAIMS',
  deleteUser: 'DELETE_USER',
  listUsers: 'GET_USER_LIST',
} as const satisfies Record<OperationName, string>;

type EventOf<Name extends OperationName> = { [Phase in 'PRE' | 'POST']: { readonly name: `${Phase}_${(typeof eventNames)[Name]}`; readonly operation: UserOperations[Name] } }['PRE' | 'POST'];

/** A hook of the chain, as the handlers of `governance_identity_mgt` see it: told apart by `name`. */
export type IdentityEvent = { [Name in OperationName]: EventOf<Name> }[OperationName];
export type IdentityEventName = IdentityEvent['name'];

export function identityEventName(phase: 'PRE' | 'POST', operationName: OperationName): IdentityEventName {
  return `${phase}_${eventNames[operationName]}`;
}

export function identityEvent<Name extends OperationName>(phase: 'PRE' | 'POST', operationName: Name, operation: UserOperations[Name]): IdentityEvent {
  return { name: identityEventName(phase, operationName), operation } as IdentityEvent; // name and operation come from the same row of the map
}

/** Which hook raises which event. */
export const hookOfEvent: ReadonlyMap<IdentityEventName, { readonly hook: 'pre' | 'post'; readonly operation: OperationName }> = new Map<IdentityEventName, { hook: 'pre' | 'post'; operation: OperationName }>([
  ...operationNames.map((operation) => [identityEventName('PRE', operation), { hook: 'pre', operation }] as const),
  ...operationNames.map((operation) => [identityEventName('POST', operation), { hook: 'post', operation }] as const),
]);

/** Does one thing when an identity event says so: WSO2's event handler. */
export interface IdentityEventHandler {
  readonly name: string;
  /** Lower runs first. */
  readonly priority: number;
  readonly enable: boolean;
  /** How long it may take of what `governance_identity_mgt` may; default: all of it. */
  readonly timeLimitMs?: number;
  /** As of a listener. */
  readonly onFailure?: 'refuse' | 'continue';
  readonly subscriptions: ReadonlySet<IdentityEventName>;
  handle(event: IdentityEvent): Verdict | Promise<Verdict>;
  /** Takes part in the operation's transaction: there is no identity event for that. */
  readonly within?: TransactionHooks;
}
