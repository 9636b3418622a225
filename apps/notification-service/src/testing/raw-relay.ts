import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** `connect` is before the greeting, `body` at the first bytes behind the 354, `dot` after the last line. */
export type Moment = 'connect' | 'EHLO' | 'HELO' | 'STARTTLS' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'body' | 'dot' | 'QUIT';
/** What goes out, byte for byte (latin1), and how the connection ends, where it does. */
export type Interruption = string | { readonly then: 'FIN' | 'RST'; readonly say?: string };
/** No answer at all, from then on. */
export const silence = { then: 'silence' } as const;
export type Answer = Interruption | typeof silence;
/** Of several the first comes first, and then what is usual. */
export type Answers = Partial<Record<Moment, Answer | Answer[]>>;

/** A relay below the level of SMTP: for what a server of good manners, as that of the test kit, would never do. */
export class RawRelay {
  /** Commands of all connections. */
  readonly heard: string[] = [];
  /** Everything that came behind a 354, with the dot where it came. */
  readonly bodies: string[] = [];
  connectionCount = 0;
  private readonly sockets = new Set<Socket>();
  private readonly sessions = new Set<RawSession>();

  private constructor(
    private readonly server: Server,
    readonly host: string,
    public answers: Answers,
    private readonly options: { readonly extensions: readonly string[]; readonly byteByByte: boolean },
  ) {
    server.on('connection', (socket) => {
      this.connectionCount++;
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
      socket.on('error', () => undefined);
      socket.setNoDelay(true);
      const session = new RawSession(this, socket, this.options);
      this.sessions.add(session);
      session.begin();
    });
  }

  static async open(answers: Answers = {}, { host = '127.0.0.1', extensions = ['PIPELINING'], byteByByte = false }: { host?: string; extensions?: readonly string[]; byteByByte?: boolean } = {}): Promise<RawRelay> {
    const relay = new RawRelay(createServer({ allowHalfOpen: true }), host, answers, { extensions, byteByByte });
    relay.server.listen(0, relay.host);
    await once(relay.server, 'listening');
    return relay;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port; // it listens on TCP
  }

  get openConnections(): number {
    return this.sockets.size;
  }

  /** Says or does something on every connection, unasked. */
  interrupt(answer: Interruption): void {
    for (const session of this.sessions) session.interrupt(answer);
  }

  /** Says the 354 that it owes. */
  sayGoOn(): void {
    for (const session of this.sessions) session.sayGoOn();
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }
}

class RawSession {
  private input = '';
  private body: number | null = null;
  private sender = false;
  private recipient = false;
  /** Nothing is answered any more. */
  private isOver = false;
  private sending = Promise.resolve();

  constructor(
    private readonly relay: RawRelay,
    private readonly socket: Socket,
    private readonly options: { readonly extensions: readonly string[]; readonly byteByByte: boolean },
  ) {}

  begin(): void {
    this.socket.on('data', (chunk: Buffer) => {
      this.input += chunk.toString('latin1');
      while (this.body === null ? this.command() : this.mail(this.body));
    });
    this.socket.on('end', () => this.socket.end());
    this.reach('connect', '220 raw.test ESMTP\r\n');
  }

  interrupt(answer: Interruption): void {
    this.isOver ||= typeof answer !== 'string';
    say(this.socket, answer);
  }

  sayGoOn(): void {
    this.isOver = false;
    this.body = this.relay.bodies.push('') - 1;
    say(this.socket, '354 go on\r\n');
  }

  private command(): boolean {
    const end = this.input.indexOf('\r\n');
    if (end < 0) return false;
    const line = this.input.slice(0, end);
    this.input = this.input.slice(end + 2);
    this.relay.heard.push(line);
    switch (line.slice(0, 4).toUpperCase()) {
      case 'EHLO':
        this.reach('EHLO', ['raw.test', ...this.options.extensions].map((text, index, all) => `250${index === all.length - 1 ? ' ' : '-'}${text}\r\n`).join(''));
        break;
      case 'HELO':
        this.reach('HELO', '250 raw.test\r\n');
        break;
      case 'STAR':
        this.reach('STARTTLS', '454 4.7.0 no TLS now\r\n');
        break;
      case 'MAIL':
        this.sender = this.reach('MAIL', this.sender ? '503 5.5.1 nested MAIL\r\n' : '250 2.1.0 sender fine\r\n') || this.sender;
        break;
      case 'RCPT':
        this.recipient = this.reach('RCPT', this.sender ? '250 2.1.5 recipient fine\r\n' : '503 5.5.1 MAIL first\r\n');
        break;
      case 'DATA':
        if (this.reach('DATA', this.recipient ? '354 go on\r\n' : '503 5.5.1 RCPT first\r\n', '3')) this.body = this.relay.bodies.push('') - 1;
        break;
      case 'QUIT':
        this.reach('QUIT', { say: '221 bye\r\n', then: 'FIN' });
        break;
      default:
        this.reach('AUTH', '235 2.7.0 welcome\r\n');
    }
    return true;
  }

  private mail(index: number): boolean {
    const before = this.relay.bodies[index] ?? '';
    const all = before + this.input;
    this.relay.bodies[index] = all;
    this.input = '';
    if (before === '' && all !== '' && this.relay.answers.body !== undefined) this.reach('body', '');
    const end = all.startsWith('.\r\n') ? 0 : all.indexOf('\r\n.\r\n');
    if (end < 0) return false;
    const rest = end === 0 ? 3 : end + 5;
    [this.relay.bodies[index], this.input] = [all.slice(0, rest), all.slice(rest)];
    this.body = null;
    [this.sender, this.recipient] = [false, false];
    this.reach('dot', '250 2.0.0 taken\r\n');
    return true;
  }

  /** @returns whether the answer is one of success */
  private reach(moment: Moment, usual: Answer, success = '2'): boolean {
    const told = this.relay.answers[moment] ?? usual;
    const answer = Array.isArray(told) ? (told.shift() ?? usual) : told;
    if (this.isOver) return false;
    this.isOver = typeof answer !== 'string';
    if (typeof answer !== 'string' && answer.then === 'silence') return false;
    this.sending = this.sending.then(async () => (typeof answer === 'string' && this.options.byteByByte ? dribble(this.socket, answer) : say(this.socket, answer)));
    return typeof answer === 'string' && answer.startsWith(success);
  }
}

function say(socket: Socket, answer: Interruption): void {
  if (socket.destroyed) return;
  const [text, end] = typeof answer === 'string' ? [answer, null] : [answer.say ?? '', answer.then];
  if (text !== '') socket.write(text, 'latin1');
  if (end === 'FIN') socket.end();
  if (end === 'RST') socket.resetAndDestroy();
}

async function dribble(socket: Socket, text: string): Promise<void> {
  for (const byte of text) {
    socket.write(byte, 'latin1');
    await nextTurn();
  }
}
