import { operationNames, proceed, type Hooks, type TransactionHook, type TransactionHooks, type UserOperationListener, type UserOperations, type Verdict, type WritingOperation } from '../chain/user-operation.ts';
import { asVerdict, isThenable } from '../chain/verdict.ts';
import { identityEvent, identityEventName, type IdentityEvent, type IdentityEventHandler } from '../handler/identity-event.ts';

/**
 * `governance_identity_mgt`: turns each hook into an identity event and hands it to the handlers that subscribe to it, in order of
 * priority. What nobody subscribes to is no hook.
 */
export function governanceIdentityMgtListener(handlers: readonly IdentityEventHandler[]): UserOperationListener {
  const inOrder = handlers.filter(({ enable }) => enable).sort((a, b) => a.priority - b.priority);
  const hooks = (phase: 'PRE' | 'POST'): Hooks =>
    Object.fromEntries(
      operationNames.flatMap((name) => {
        const subscribed = inOrder.filter(({ subscriptions }) => subscriptions.has(identityEventName(phase, name)));
        const hook = (operation: UserOperations[typeof name]) => handle(subscribed, identityEvent(phase, name, operation));
        return subscribed.length === 0 ? [] : [[name, hook]];
      }),
    );
  return { name: 'governance_identity_mgt', pre: hooks('PRE'), within: withinHooks(inOrder), post: hooks('POST') };
}

function withinHooks(handlers: readonly IdentityEventHandler[]): TransactionHooks {
  const inTurn = <Name extends WritingOperation>(name: Name): TransactionHooks => {
    const taking = handlers.flatMap(({ within }) => within?.[name] ?? []);
    const hook: TransactionHook<Name> = async (operation, tx) => {
      for (const take of taking) await take(operation, tx);
    };
    return taking.length === 0 ? {} : { [name]: hook };
  };
  return { ...inTurn('addUser'), ...inTurn('updateCredential'), ...inTurn('updateCredentialByAdmin'), ...inTurn('setClaims'), ...inTurn('deleteUser') };
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
