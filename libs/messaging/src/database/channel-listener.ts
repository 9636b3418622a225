import { Client, type ClientConfig } from 'pg';

const reconnectAfterMs = 1_000;

/**
 * Calls `woken` at every NOTIFY on a channel, and after each connect: on a connection of its own that is opened again when it
 * breaks. Notifications sent meanwhile are lost: whoever listens also polls.
 */
export class ChannelListener {
  private client: Client | null = null;
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;

  constructor(
    private readonly connection: ClientConfig,
    private readonly channel: string,
    private readonly woken: () => void,
  ) {
    void this.connect();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
    await this.client?.end().catch(() => undefined);
  }

  private async connect(): Promise<void> {
    const client = new Client(this.connection);
    this.client = client;
    client.on('error', () => this.reconnect(client));
    client.on('end', () => this.reconnect(client));
    client.on('notification', () => this.woken());
    try {
      await client.connect();
      await client.query(`LISTEN ${client.escapeIdentifier(this.channel)}`);
      if (!this.stopped) this.woken();
    } catch {
      this.reconnect(client);
    }
  }

  /** A connection may report its end more than once: the first report counts. */
  private reconnect(broken: Client): void {
    if (this.stopped || this.client !== broken) return;
    this.client = null;
    broken.end().catch(() => undefined);
    this.timer = setTimeout(() => void this.connect(), reconnectAfterMs);
  }
}
