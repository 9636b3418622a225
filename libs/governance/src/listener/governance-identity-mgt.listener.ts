import type { Logger } from '@rekey/observability';
import { ask, logFailure } from '../chain/ask.ts';
import { operationNames, proceed, type Hooks, type Report, type TransactionHook, type TransactionHooks, type UserOperationListener, type UserOperations, type Verdict, type WritingOperation } from '../chain/user-operation.ts';
import { identityEvent, identityEventName, type IdentityEvent, type IdentityEventHandler } from '../handler/identity-event.ts';

/**
 * `governance_identity_mgt`: turns each hook into an identity event and hands it to the handlers that subscribe to it. What nobody
 * subscribes to is no hook.
 * @param handlers in the order in which they are asked
 */
export function governanceIdentityMgtListener(handlers: readonly IdentityEventHandler[], log: Logger): UserOperationListener {
  const enabled = handlers.filter(({ enable }) => enable);
  const hooks = (phase: 'PRE' | 'POST'): Hooks =>
    Object.fromEntries(
      operationNames.flatMap((name) => {
        const subscribed = enabled.filter(({ subscriptions }) => subscriptions.has(identityEventName(phase, name)));
        const hook = (operation: UserOperations[typeof name], report: Report) => handle(subscribed, identityEvent(phase, name, operation), report, log);
        return subscribed.length === 0 ? [] : [[name, hook]];
      }),
    );
  return { name: 'governance_identity_mgt', pre: hooks('PRE'), within: withinHooks(enabled), post: hooks('POST') };
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
function handle(handlers: readonly IdentityEventHandler[], event: IdentityEvent, report: Report, log: Logger): Verdict | Promise<Verdict> {
  for (const [index, handler] of handlers.entries()) {
    const answer = askHandler(handler, event, report, log);
    if (answer instanceof Promise) return handleRest(answer, handlers.slice(index + 1), event, report, log);
    if (answer.kind === 'refuse') return answer;
  }
  return proceed;
}

async function handleRest(answer: Promise<Verdict>, handlers: readonly IdentityEventHandler[], event: IdentityEvent, report: Report, log: Logger): Promise<Verdict> {
  const verdict = await answer;
  return verdict.kind === 'refuse' ? verdict : handle(handlers, event, report, log);
}

/** Those that have nothing to say leave no step: they are many. */
function askHandler(handler: IdentityEventHandler, event: IdentityEvent, report: Report, log: Logger): Verdict | Promise<Verdict> {
  const { name, timeLimitMs = null, onFailure = 'refuse' } = handler;
  const startedAt = performance.now();
  return ask(
    () => handler.handle(event),
    { timeLimitMs, onFailure },
    (verdict) => (verdict === 'continue' ? undefined : report(name, verdict, startedAt)),
    (thrown) => logFailure(log, { handler: name, event: event.name }, thrown, `a handler failed: ${onFailure === 'continue' ? 'the operation goes on, as configured' : 'that is a refusal'}`),
  );
}
