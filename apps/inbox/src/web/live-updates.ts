import type { ServerResponse } from 'node:http';

export type InboxChange = 'caught' | 'cleared';

const mostListeners = 100;
/** Shorter than the idle limits of what may stand between. */
const heartbeatMs = 20_000;

/** Tells open pages that the list has changed, by server-sent events (HTML Standard, section 9.2). */
export class LiveUpdates {
  private readonly listeners = new Set<ServerResponse>();
  private readonly heartbeat = setInterval(() => this.send(': still here\n\n'), heartbeatMs).unref();

  /** @returns false where too many listen already: nothing was sent then */
  add(response: ServerResponse, headers: Readonly<Record<string, string>>): boolean {
    if (this.listeners.size >= mostListeners) return false;
    response.writeHead(200, { ...headers, 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write('retry: 1000\n\n');
    this.listeners.add(response);
    response.once('close', () => this.listeners.delete(response));
    return true;
  }

  tell(change: InboxChange): void {
    this.send(`event: ${change}\ndata: \n\n`);
  }

  close(): void {
    clearInterval(this.heartbeat);
    for (const response of this.listeners) response.end();
    this.listeners.clear();
  }

  private send(text: string): void {
    for (const response of this.listeners) response.write(text);
  }
}
