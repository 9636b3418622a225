import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { machineClock } from '../measure/clock.ts';
import { Histogram, type Percentiles } from '../measure/histogram.ts';

const lineLength = 76;

/**
 * The limit of a mail's way: a dialogue with the same relay over a connection that is kept, with as many bytes as a real mail has,
 * ready to be sent, and nothing else. One after another.
 */
export async function bareSmtp(port: number, mailBytes: number, mails: number): Promise<Percentiles> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const latency = new Histogram();
  const body = `Subject: bench\r\n\r\n${`${'x'.repeat(lineLength)}\r\n`.repeat(Math.ceil(mailBytes / (lineLength + 2)))}.\r\n`;
  try {
    await once(socket, 'connect');
    await answer(socket, '220');
    await say(socket, 'EHLO bench.test\r\n', '250 ');
    for (let mail = 0; mail < mails; mail++) {
      const begunAt = machineClock.now();
      // With PIPELINING (RFC 2920) the envelope goes in one piece.
      await say(socket, 'MAIL FROM:<no-reply@localhost>\r\nRCPT TO:<nobody@example.com>\r\nDATA\r\n', '354 ');
      await say(socket, body, '250 ');
      latency.record((machineClock.now() - begunAt) * 1_000);
    }
    await say(socket, 'QUIT\r\n', '221');
  } finally {
    socket.destroy();
  }
  return latency.percentiles();
}

async function say(socket: Socket, text: string, code: string): Promise<void> {
  const answered = answer(socket, code);
  socket.write(text);
  await answered;
}

/** Waits for a reply of that code. @throws Error at one that refuses */
function answer(socket: Socket, code: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = '';
    const take = (chunk: Buffer): void => {
      text += chunk.toString('latin1');
      const lines = text.split('\r\n');
      if (lines.some((line) => /^[45]\d\d/.test(line))) return settle(() => reject(new Error(`the relay refuses: ${text.trim()}`)));
      if (lines.slice(0, -1).some((line) => line.startsWith(code))) settle(resolve);
    };
    const closed = (): void => settle(() => reject(new Error('the relay has closed the connection')));
    const settle = (how: () => void): void => {
      socket.off('data', take);
      socket.off('close', closed);
      how();
    };
    socket.on('data', take);
    socket.on('close', closed);
  });
}
