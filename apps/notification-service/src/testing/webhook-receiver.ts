import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { outcomeTypes, type WebhookSettings } from '@rekey/deployment-config';

/** Somebody's webhook, over real HTTP. Takes everything, unless told otherwise. */
export class WebhookReceiver {
  /** In the order in which they came. */
  readonly bodies: string[] = [];
  lastHeaders: IncomingHttpHeaders = {};
  connections = 0;
  mostAtOnce = 0;
  private asking = 0;
  private server: Server | null = null;
  private port = 0;

  /** @param answer what it does with a request; null: says 204 */
  constructor(public answer: ((response: ServerResponse, body: string) => void) | null = null) {}

  /** At the same port again, once it has had one. */
  async open(): Promise<this> {
    const server = createServer((request, response) => {
      this.mostAtOnce = Math.max(this.mostAtOnce, ++this.asking);
      response.once('close', () => this.asking--);
      this.lastHeaders = request.headers;
      let body = '';
      request.setEncoding('utf8');
      request.on('data', (part: string) => (body += part));
      request.once('end', () => {
        this.bodies.push(body);
        if (this.answer) this.answer(response, body);
        else response.writeHead(204).end();
      });
    });
    server.on('connection', () => this.connections++);
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port; // of a server that listens at a port
    this.server = server;
    return this;
  }

  async close(): Promise<void> {
    const { server } = this;
    this.server = null;
    server?.closeAllConnections();
    await new Promise<unknown>((resolve) => (server ? server.close(resolve) : resolve(null)));
  }

  settings(given: Partial<WebhookSettings> & { readonly host?: string; readonly path?: string } = {}): WebhookSettings {
    const { host = 'http://127.0.0.1', path = '/hook', ...more } = given;
    return { name: 'portal', url: `${host}:${this.port}${path}`, events: outcomeTypes, enable: true, allowPrivate: false, ...more };
  }

  /** Of the events that it was posted. */
  get ids(): string[] {
    return this.bodies.map((body) => String((JSON.parse(body) as { id: unknown }).id)); // of a CloudEvent
  }
}
