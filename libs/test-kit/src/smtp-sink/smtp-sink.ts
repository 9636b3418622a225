import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { receivedMail, type ReceivedMail } from './received-mail.ts';
import { SmtpScript, type SmtpBehaviour, type SmtpRule, type SmtpStage } from './smtp-behaviour.ts';
import { SmtpSession, type SmtpSessionSettings } from './smtp-session.ts';

export interface SmtpSinkOptions extends Partial<SmtpSessionSettings> {
  /** Rules from the start; `script()` adds more. */
  readonly rules?: readonly SmtpRule[];
  /** False for benchmarks: only envelope, Message-ID and size are kept. */
  readonly keepRaw?: boolean;
  /** Told of each mail at its closing dot, before the sender is. */
  readonly onMail?: (mail: ReceivedMail) => void;
  /** True to have `dialogue` filled. */
  readonly keepDialogue?: boolean;
  /** Default: any free one. */
  readonly port?: number;
}

const host = '127.0.0.1';
const usualExtensions = ['PIPELINING', '8BITMIME', 'SMTPUTF8', 'ENHANCEDSTATUSCODES', 'SIZE 52428800'];

/**
 * An SMTP server on the loopback address that takes every mail, remembers it, and misbehaves as told.
 *
 * ```ts
 * const sink = await anSmtpSink();
 * sink.script('dot', { kind: 'reply', code: 451, text: '4.3.0 try later' }, { times: 1 });
 * const [mail] = await sink.waitForMails(1);
 * await sink.close();
 * ```
 */
export async function anSmtpSink(options: SmtpSinkOptions = {}): Promise<SmtpSink> {
  const sink = new SmtpSink(options);
  await sink.resume();
  return sink;
}

export class SmtpSink {
  readonly host = host;
  /** In the order of their closing dots. Only those that were taken. */
  readonly mails: ReceivedMail[] = [];
  /** `C: EHLO …` and `S: 250 …` of all connections, where asked for. */
  readonly dialogue: string[] = [];
  /** How many connections were made so far. */
  connectionCount = 0;
  private server: Server | undefined;
  private boundPort: number;
  private readonly sockets = new Set<Socket>();
  private readonly waiting = new Set<{ count: number; enough: () => void }>();
  private readonly rules: SmtpScript;
  private readonly settings: SmtpSessionSettings;

  constructor(private readonly options: SmtpSinkOptions) {
    this.boundPort = options.port ?? 0;
    this.rules = new SmtpScript(options.rules ?? []);
    this.settings = { extensions: options.extensions ?? usualExtensions, delayMs: options.delayMs ?? {}, tls: options.tls, credentials: options.credentials };
  }

  get port(): number {
    return this.boundPort;
  }

  get openConnections(): number {
    return this.sockets.size;
  }

  /** From now on, the sink does this at that stage; a newer rule goes before an older one. */
  script(stage: SmtpStage, behaviour: SmtpBehaviour, when: Pick<SmtpRule, 'times' | 'where'> = {}): void {
    this.rules.add({ stage, behaviour, ...when });
  }

  /** Takes everything again. */
  clearScript(): void {
    this.rules.clear();
  }

  /** @throws if fewer came within the time, by default that of `until`, saying how many */
  async waitForMails(count: number, timeoutMs = 25_000): Promise<ReceivedMail[]> {
    if (this.mails.length >= count) return this.mails;
    return new Promise((resolve, reject) => {
      const waiter = {
        count,
        enough: () => {
          clearTimeout(timer);
          resolve(this.mails);
        },
      };
      const timer = setTimeout(() => {
        this.waiting.delete(waiter);
        reject(new Error(`${this.mails.length} of ${count} mails came within ${timeoutMs} ms`));
      }, timeoutMs);
      this.waiting.add(waiter);
    });
  }

  /** As a relay that goes down: cuts every connection and refuses new ones. */
  async pause(): Promise<void> {
    const { server } = this;
    if (server === undefined) return;
    this.server = undefined;
    const closed = once(server, 'close');
    server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  /** Comes back on the same port. */
  async resume(): Promise<void> {
    if (this.server !== undefined) return;
    const server = createServer((socket) => this.open(socket));
    server.listen(this.boundPort, host);
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new TypeError('a TCP server has a port');
    this.boundPort = address.port;
    this.server = server;
  }

  /** For good. Safe to call twice. */
  async close(): Promise<void> {
    await this.pause();
  }

  private open(socket: Socket): void {
    this.connectionCount += 1;
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    new SmtpSession(socket, this.settings, {
      behaviourAt: (stage, said) => this.rules.behaviourAt(stage, said),
      mail: (envelope, stuffed) => this.take(receivedMail(envelope, stuffed, this.options.keepRaw ?? true)),
      said: (who, line) => {
        if (this.options.keepDialogue === true) this.dialogue.push(`${who === 'client' ? 'C' : 'S'}: ${line}`);
      },
    });
  }

  private take(mail: ReceivedMail): void {
    this.mails.push(mail);
    this.options.onMail?.(mail);
    for (const waiter of this.waiting) {
      if (this.mails.length < waiter.count) continue;
      this.waiting.delete(waiter);
      waiter.enough();
    }
  }
}
