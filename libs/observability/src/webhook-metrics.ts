import { Counter, Gauge, type Registry } from 'prom-client';

/** To be told how each webhook does, by its name: never by its URL, in which there may be a secret. */
export interface WebhookMetrics {
  circuit(webhook: string, isOpen: boolean): void;
  attempt(webhook: string, outcome: 'taken' | 'failed' | 'gone'): void;
  givenUp(webhook: string, events: number): void;
}

export function webhookMetrics(registry: Registry): WebhookMetrics {
  const registers = [registry];
  const isOpen = new Gauge({ name: 'rekey_webhook_circuit_open', help: 'Whether a webhook is asked now and then only, because it does not answer: 1 until it takes an event again.', labelNames: ['webhook'], registers });
  const attempts = new Counter({ name: 'rekey_webhook_attempts_total', help: 'Events that a webhook was asked to take, by what came of it.', labelNames: ['webhook', 'outcome'], registers });
  const givenUp = new Counter({ name: 'rekey_webhook_given_up_total', help: 'Events that a webhook has not taken in time: it is not told of them any more.', labelNames: ['webhook'], registers });
  return {
    circuit: (webhook, open) => isOpen.set({ webhook }, Number(open)),
    attempt: (webhook, outcome) => attempts.inc({ webhook, outcome }),
    givenUp: (webhook, events) => givenUp.inc({ webhook }, events),
  };
}
