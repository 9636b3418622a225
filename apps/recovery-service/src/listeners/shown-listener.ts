import { mailsOfLocks, type UserManager } from '@rekey/governance';
import { z } from 'zod';

const shownHandler = z.object({ name: z.string(), priority: z.number(), enable: z.boolean(), subscriptions: z.array(z.string()), within: z.array(z.string()).meta({ description: 'Operations in whose transaction it takes part: there is no identity event for that.' }) });

export const shownListener = z.object({
  name: z.string(),
  kind: z.enum(['default', 'custom']).meta({ description: '`default`: one of the three that Rekey brings along.' }),
  priority: z.number(),
  enable: z.boolean(),
  hooks: z.array(z.string()).meta({ description: 'Such as `pre authenticate`; none of one that is disabled and comes from a third party: it is not loaded.' }),
  timeLimitMs: z.number(),
  onFailure: z.enum(['refuse', 'continue']),
  handlers: z.array(shownHandler).optional().meta({ description: 'Of `governance_identity_mgt`.' }),
});

export type ShownListener = z.output<typeof shownListener>;

export const shownFlags = z.object({ emailSend: z.boolean(), audit: z.boolean() }).meta({ description: 'Handlers that stand in no order: mails about locks, and the audit around the whole chain.' });

/** Whether these do what they are there for. */
export function shownFlagsOf(config: UserManager['config']): z.output<typeof shownFlags> {
  return { emailSend: mailsOfLocks(config), audit: config.handlers.audit?.enable !== false };
}

const defaultNames = ['identity_mgt', 'governance_identity_mgt', 'governance_identity_store'];
const phases = ['pre', 'within', 'post'] as const;

/** In the order in which they are called. */
export function shownListeners({ chain, handlers }: Pick<UserManager, 'chain' | 'handlers'>): ShownListener[] {
  return chain.listeners.map(({ listener, priority, enable, timeLimitMs, onFailure }) => ({
    name: listener.name,
    kind: defaultNames.includes(listener.name) ? 'default' : 'custom',
    priority,
    enable,
    hooks: phases.flatMap((phase) => Object.keys(listener[phase] ?? {}).map((operation) => `${phase} ${operation}`)),
    timeLimitMs,
    onFailure,
    ...(listener.name === 'governance_identity_mgt' ? { handlers: handlers.map((handler) => ({ name: handler.name, priority: handler.priority, enable: handler.enable, subscriptions: [...handler.subscriptions], within: Object.keys(handler.within ?? {}) })) } : {}),
  }));
}
