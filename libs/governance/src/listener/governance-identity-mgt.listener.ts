import { proceed, type Hook, type Hooks, type OperationName, type UserOperationListener, type Verdict } from '../chain/user-operation.ts';
import { identityEvent, type IdentityEvent, type IdentityEventHandler, type IdentityEventName } from '../handler/identity-event.ts';

/** `governance_identity_mgt`: turns each hook into an identity event and hands it to the handlers that subscribe to it, in order of priority. */
export function governanceIdentityMgtListener(handlers: readonly IdentityEventHandler[]): UserOperationListener {
  const inOrder = handlers.filter(({ enable }) => enable).sort((a, b) => a.priority - b.priority);
  const subscribers = new Map<IdentityEventName, IdentityEventHandler[]>();
  for (const handler of inOrder) for (const name of handler.subscriptions) subscribers.set(name, [...(subscribers.get(name) ?? []), handler]);

  const hook =
    <Name extends OperationName>(phase: 'PRE' | 'POST', operationName: Name): Hook<Name> =>
    (operation) => {
      const event = identityEvent(phase, operationName, operation);
      const subscribed = subscribers.get(event.name);
      return subscribed ? handle(subscribed, event) : proceed;
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

async function handle(handlers: readonly IdentityEventHandler[], event: IdentityEvent): Promise<Verdict> {
  for (const handler of handlers) {
    const verdict = await handler.handle(event);
    if (verdict.kind === 'refuse') return verdict;
  }
  return proceed;
}
