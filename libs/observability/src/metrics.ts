import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';

/** To be told how each mail relay does. */
export interface RelayMetrics {
  circuit(relay: string, isOpen: boolean): void;
  attempt(relay: string, outcome: string): void;
}

/** What one process counts, for Prometheus: Node.js's own figures, and those that its parts register. */
export class Metrics {
  /** Of what `exposition` returns. */
  static readonly contentType = Registry.PROMETHEUS_CONTENT_TYPE;
  readonly registry = new Registry();

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

  /** @returns the text that Prometheus reads */
  async exposition(): Promise<string> {
    return this.registry.metrics();
  }
}
