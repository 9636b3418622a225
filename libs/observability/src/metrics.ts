import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { EventMetrics } from './event-metrics.ts';
import { mailMetrics, type MailMetrics, type OpenMails } from './mail-metrics.ts';
import { webhookMetrics, type WebhookMetrics } from './webhook-metrics.ts';

/** To be told how each mail relay does. */
export interface RelayMetrics {
  circuit(relay: string, isOpen: boolean): void;
  attempt(relay: string, outcome: string): void;
}

/** To be told of each request that was answered, by its route as it is declared: never by its address, which may name somebody. */
export type RequestMetrics = (request: { readonly method: string; readonly route: string; readonly status: number; readonly seconds: number }) => void;

/** What one process counts, for Prometheus: Node.js's own figures, and those that its parts register. */
export class Metrics {
  /** Of what `exposition` returns. */
  static readonly contentType = Registry.PROMETHEUS_CONTENT_TYPE;
  readonly registry = new Registry();
  readonly events = new EventMetrics(this.registry);

  constructor(service: string) {
    this.registry.setDefaultLabels({ service });
    collectDefaultMetrics({ register: this.registry });
  }

  /** Named as Prometheus names its own. @returns to be told what came of each reading of a changed `deployment.toml` */
  configReloads(): (outcome: 'applied' | 'refused') => void {
    const registers = [this.registry];
    const reloads = new Counter({ name: 'rekey_config_reloads_total', help: 'Readings of a changed deployment.toml, by what came of them.', labelNames: ['outcome'], registers });
    const isLastOneApplied = new Gauge({ name: 'rekey_config_last_reload_successful', help: 'Whether what deployment.toml says is in force: 0 where it was refused, and what was read before stays.', registers });
    const lastAppliedAt = new Gauge({ name: 'rekey_config_last_reload_success_timestamp_seconds', help: 'When deployment.toml was last read and taken, in Unix time.', registers });
    const note = (outcome: 'applied' | 'refused'): void => {
      isLastOneApplied.set(outcome === 'applied' ? 1 : 0);
      if (outcome === 'applied') lastAppliedAt.setToCurrentTime();
    };
    for (const outcome of ['applied', 'refused']) reloads.inc({ outcome }, 0);
    note('applied');
    return (outcome) => {
      reloads.inc({ outcome });
      note(outcome);
    };
  }

  mailRelays(): RelayMetrics {
    const registers = [this.registry];
    const isOpen = new Gauge({ name: 'rekey_relay_circuit_open', help: 'Whether a mail relay is being left alone because it cannot be used: 1 until a mail gets through again.', labelNames: ['relay'], registers });
    const attempts = new Counter({ name: 'rekey_relay_attempts_total', help: 'Mails that a mail relay was asked to take, by what came of it.', labelNames: ['relay', 'outcome'], registers });
    return {
      circuit: (relay, open) => isOpen.set({ relay }, Number(open)),
      attempt: (relay, outcome) => attempts.inc({ relay, outcome }),
    };
  }

  mails(look: () => Promise<OpenMails>): MailMetrics {
    return mailMetrics(this.registry, look);
  }

  webhooks(): WebhookMetrics {
    return webhookMetrics(this.registry);
  }

  requests(): RequestMetrics {
    const answered = new Histogram({
      name: 'rekey_http_request_duration_seconds',
      help: 'How long answers to HTTP requests took.',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers: [this.registry],
    });
    return ({ method, route, status, seconds }) => answered.observe({ method, route, status }, seconds);
  }

  /** @returns the text that Prometheus reads */
  async exposition(): Promise<string> {
    return this.registry.metrics();
  }
}
