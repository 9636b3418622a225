import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { rekeySaid } from '../testing/rekey-said.ts';

const since = '2026-11-25T10:00:00.000Z';
const relays = [
  { name: 'main', host: 'smtp.example.com', port: 587, priority: 1, tls: 'starttls', workers: [{ worker: 'a/7', circuit: 'closed', since, reason: null, sent: 12, failed: 1, meanMs: 41.6 }, { worker: 'b/8', circuit: 'open', since, reason: 'connect: refused\u001b[2J', sent: 0, failed: 3, meanMs: null }] },
  { name: 'backup', host: '10.0.0.1', port: 25, priority: 2, tls: 'none', workers: [] },
];

describe('rekey relays list', () => {
  it('tells of each relay what each notification service knows, without what steers a terminal', async () => {
    const server = createServer((request, response) => response.writeHead(request.url === '/api/rekey/v1/relays' ? 200 : 404, { connection: 'close' }).end(JSON.stringify({ relays })));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const said = await rekeySaid(['relays', 'list', '--url', `http://127.0.0.1:${(server.address() as AddressInfo).port}`], { REKEY_ADMIN_PASSWORD: 'hunter2' }); // of a TCP server
    await new Promise((resolve) => server.close(resolve));
    expect({ ...said, out: said.out.split('\n').map((line) => line.split(/ {2,}/)) }).toEqual({
      code: 0,
      out: [
        ['relay', 'address', 'priority', 'tls', 'worker', 'circuit', 'since', 'sent', 'failed', 'mean', 'reason'],
        ['main', 'smtp.example.com:587', '1', 'starttls', 'a/7', 'closed', since, '12', '1', '42 ms'],
        ['main', 'smtp.example.com:587', '1', 'starttls', 'b/8', 'open', since, '0', '3', '-', 'connect: refused'],
        ['backup', '10.0.0.1:25', '2', 'none', '-', '-', '-', '-', '-', '-'],
        [''],
      ],
      error: '',
    });
  });
});
