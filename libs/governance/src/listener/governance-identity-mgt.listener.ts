import { proceed, type Hook, type Hooks, type OperationName, type UserOperationListener, type Verdict } from '../chain/user-operation.ts';
import { asVerdict, isThenable } from '../chain/verdict.ts';
import { identityEvent, identityEventName, type IdentityEvent, type IdentityEventHandler } from '../handler/identity-event.ts';

/** `governance_identity_mgt`: turns each hook into an identity event and hands it to the handlers that subscribe to it, in order of priority. */
export function governanceIdentityMgtListener(handlers: readonly IdentityEventHandler[]): UserOperationListener {
  const inOrder = handlers.filter(({ enable }) => enable).sort((a, b) => a.priority - b.priority);
  const hook = <Name extends OperationName>(phase: 'PRE' | 'POST', operationName: Name): Hook<Name> => {
    const subscribed = inOrder.filter(({ subscriptions }) => subscriptions.has(identityEventName(phase, operationName)));
    return subscribed.length === 0 ? () => proceed : (operation) => handle(subscribed, identityEvent(phase, operationName, operation));
  };
  const hooks = (phase: 'PRE' | 'POST'): Hooks => ({
    authenticate: hook(phase, 'authenticate'),
    addUser: hook(phase, 'addUser'),
    updateCredential: hook(phase, 'updateCredential'),
    updateCredentialByAdmin: hook(phase, 'updateCredentialByAdmin'),
    setClaims: hook(phase, 'setClaims'),
    getClaims: hook(phase, 'getClaims'),
    deleteUser: hook(phase, 'deleteUser'),
  });
  return { name: 'governance_identity_mgt', pre: hooks('PRE'), post: hooks('POST') };
}

/** Stays free of promises as long as the handlers do. */
function handle(handlers: readonly IdentityEventHandler[], event: IdentityEvent): Verdict | Promise<Verdict> {
  for (const [index, handler] of handlers.entries()) {
    const answer: unknown = handler.handle(event);
    if (isThenable(answer)) return handleRest(answer, handlers.slice(index + 1), event);
    const verdict = asVerdict(answer);
    if (verdict.kind === 'refuse') return verdict;
  }
  return proceed;
}

async function handleRest(answer: PromiseLike<unknown>, handlers: readonly IdentityEventHandler[], event: IdentityEvent): Promise<Verdict> {
  const verdict = asVerdict(await answer);
  return verdict.kind === 'refuse' ? verdict : handle(handlers, event);
}
