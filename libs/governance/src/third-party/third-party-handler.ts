import type { CustomHandlerSettings } from '@rekey/deployment-config';
import type { Logger } from '@rekey/observability';
import { ListenerChainError } from '../chain/listener-order.ts';
import { proceed } from '../chain/user-operation.ts';
import { hookOfEvent, type IdentityEvent, type IdentityEventHandler, type IdentityEventName } from '../handler/identity-event.ts';
import { asGuest } from './guest.ts';
import { viewOf, type OperationView } from './operation-view.ts';
import { ThirdPartyModules } from './third-party-module.ts';
import { checkedVerdict } from './third-party-verdict.ts';

/** What a handler of a third party is given. */
export interface IdentityEventView extends OperationView {
  readonly name: IdentityEventName;
}

const shape = 'a default export of { handle(event) {…} }, or a function of { properties, log } that gives one';

/**
 * `[[event_handler]]`. One that is disabled is not loaded.
 * @throws ListenerChainError
 */
export async function thirdPartyHandler(settings: CustomHandlerSettings, log: Logger, modules = new ThirdPartyModules()): Promise<IdentityEventHandler> {
  const { name, priority, enable, timeLimitMs, onFailure } = settings;
  const subscriptions = new Set(settings.subscriptions.map((event) => subscription(name, event)));
  if (!enable) return { name, priority, enable, subscriptions, handle: () => proceed };

  const handle = await modules.load('[[event_handler]]', settings, log, (exported) => {
    if (typeof exported !== 'object' || exported === null || !('handle' in exported) || typeof exported.handle !== 'function') throw new Error(`expected ${shape}`);
    return asGuest(name, exported.handle.bind(exported) as (event: IdentityEventView) => unknown);
  });
  return { name, priority, enable, timeLimitMs, onFailure, subscriptions, handle: (event) => checkedVerdict(handle(eventView(event)), false) };
}

function eventView({ name, operation }: IdentityEvent): IdentityEventView {
  const raisedBy = hookOfEvent.get(name);
  if (!raisedBy) throw new Error(`no hook raises ${name}`);
  return Object.freeze({ name, ...viewOf(raisedBy.operation, raisedBy.hook, operation) });
}

function subscription(handler: string, event: string): IdentityEventName {
  const known = [...hookOfEvent.keys()].find((name) => name === event);
  if (!known) throw new ListenerChainError(`[[event_handler]] "${handler}": no identity event is called ${event}: expected ${[...hookOfEvent.keys()].join(', ')}`);
  return known;
}
