import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { freePortFrom, isFree } from './free-port.ts';

const host = '127.0.0.1';

describe('a free port', () => {
  const servers: Server[] = [];
  const occupy = async (port = 0): Promise<number> => {
    const server = createServer().listen(port, host);
    await once(server, 'listening');
    servers.push(server);
    return (server.address() as AddressInfo).port; // a TCP server that listens
  };
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  it('is the first that nobody listens on, and stays free for whoever asked', async () => {
    const taken = await occupy();
    const found = await freePortFrom(taken, host);
    expect(found).toBeGreaterThan(taken);
    expect(await isFree(taken, host)).toBe(false);
    expect(await occupy(found)).toBe(found);
    expect(await freePortFrom(taken, host)).toBeGreaterThan(found);
  });

  it('is missed by naming the range, which ends where ports end', async () => {
    if (await isFree(65_535, host)) await occupy(65_535);
    await expect(freePortFrom(65_535, host)).rejects.toThrow('no free port between 65535 and 65535 on 127.0.0.1');
  });

  it('is not looked for on an address of another machine', async () => {
    await expect(freePortFrom(9_500, '192.0.2.1')).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' });
  });
});
