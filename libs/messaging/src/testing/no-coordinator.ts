import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

const host = '127.0.0.1';
const findCoordinator = 10;

/** A real broker behind a door of its own, which hangs up on whoever asks for a group's coordinator: as a cluster that starts, or elects one. */
export interface NoCoordinator {
  readonly brokers: readonly string[];
  /** How often it was asked. */
  readonly refused: number;
  /** It tells from now on. */
  elect(): void;
  close(): Promise<void>;
}

/** @param port the broker's */
export async function aBrokerWithoutCoordinator(port: number): Promise<NoCoordinator> {
  const open = new Set<Socket>();
  let refused = 0;
  let hasCoordinator = false;
  const server = createServer((client) => {
    const broker = connect(port, host);
    for (const [socket, other] of [[client, broker], [broker, client]] as const) {
      open.add(socket);
      socket.on('error', () => undefined).on('close', () => (open.delete(socket), other.destroy()));
    }
    client.on('data', (request) => {
      // The client writes each request at once: its length (four bytes), and what it asks for.
      if (hasCoordinator || request.readInt16BE(4) !== findCoordinator) return void broker.write(request);
      refused++;
      client.destroy();
    });
    broker.on('data', (answer) => client.write(behindDoor(answer)));
  }).listen(0, host);
  await once(server, 'listening');
  const door = (server.address() as AddressInfo).port; // a TCP server that listens
  /** The broker says by itself where it is reached. */
  const behindDoor = (answer: Buffer): Buffer => {
    for (let at = answer.indexOf(addressOf(port)); at >= 0; at = answer.indexOf(addressOf(port))) addressOf(door).copy(answer, at);
    return answer;
  };
  return {
    brokers: [`${host}:${door}`],
    get refused() {
      return refused;
    },
    elect: () => void (hasCoordinator = true),
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** As it stands in an answer: the host after its length, and the port. */
function addressOf(port: number): Buffer {
  const bytes = Buffer.alloc(2 + host.length + 4);
  bytes.writeInt16BE(host.length);
  bytes.write(host, 2);
  bytes.writeInt32BE(port, 2 + host.length);
  return bytes;
}
