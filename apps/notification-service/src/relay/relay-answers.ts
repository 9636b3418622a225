import type { EmailSettings } from '@rekey/deployment-config';
import type { RelayOutcome, RelayRequest } from '@rekey/events';
import type { SqlExecutor } from '@rekey/messaging';
import { readRelayState } from './relay-state.ts';
import { testRelay } from './relay-test.ts';

/** Somebody waits for the answer. */
const patience = { timeouts: { connectMs: 5_000, commandMs: 5_000 }, withinMs: 12_000 };

/** What operators see of the relays, and never a password: how each is set, what the workers know of it, what it says when it is tried. */
export class RelayAnswers {
  constructor(
    private readonly database: SqlExecutor,
    private readonly email: Pick<EmailSettings, 'relays' | 'dkim'>,
  ) {}

  async answer(request: RelayRequest): Promise<RelayOutcome> {
    switch (request.ask) {
      case 'list':
        return { kind: 'relays', relays: await this.list() };
      case 'test': {
        const relay = this.email.relays.find(({ name }) => name === request.relay);
        return relay ? { kind: 'tested', test: await testRelay(relay, patience) } : { kind: 'unknown' };
      }
    }
  }

  private async list(): Promise<Extract<RelayOutcome, { kind: 'relays' }>['relays']> {
    const known = await readRelayState(this.database);
    return this.email.relays
      .map(({ name, host, port, priority, tls, credentials, connections, mailsPerSecond }) => ({ name, host, port, priority, tls, signsIn: credentials !== null, dkim: this.email.dkim !== null, connections, mailsPerSecond, workers: [...(known.get(name) ?? [])] }))
      .sort((a, b) => a.priority - b.priority);
  }
}
