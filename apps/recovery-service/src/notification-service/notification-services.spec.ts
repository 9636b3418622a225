import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NotificationServiceAway, notificationServicesAt } from './notification-services.ts';

describe('a notification service that is asked', () => {
  let server: Server;
  afterEach(() => server.close());

  async function asked(listener: RequestListener): Promise<unknown> {
    server = createServer(listener).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo; // of a server that listens on a port
    return notificationServicesAt([`http://127.0.0.1:${port}`])({ headers: {}, body: Buffer.from('{}') });
  }

  it.each<[string, RequestListener]>([
    ['loses the connection', (request) => request.socket.destroy()],
    ['loses it amid the answer', (_, response) => void response.writeHead(200, { 'content-length': '9' }).write('{', () => response.destroy())],
    ['fails', (_, response) => void response.writeHead(500).end()],
    ['is stopping', (_, response) => void response.writeHead(503).end()],
  ])('is away where it %s', async (_what, listener) => {
    await expect(asked(listener)).rejects.toBeInstanceOf(NotificationServiceAway);
  });

  it('is not away where it refuses: the deployment is at fault', async () => {
    await expect(asked((_, response) => void response.writeHead(401).end())).rejects.not.toBeInstanceOf(NotificationServiceAway);
  });
});
