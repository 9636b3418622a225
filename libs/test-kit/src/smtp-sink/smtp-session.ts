import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Envelope } from './received-mail.ts';
import type { SmtpBehaviour, SmtpStage } from './smtp-behaviour.ts';

export interface SmtpSessionSettings {
  /** What EHLO offers beside STARTTLS and AUTH. */
  readonly extensions: readonly string[];
  readonly delayMs: Partial<Record<SmtpStage, number>>;
  readonly tls: { readonly key: string; readonly cert: string } | undefined;
  readonly credentials: { readonly username: string; readonly password: string } | undefined;
}

export interface SmtpSessionEvents {
  behaviourAt(stage: SmtpStage, said: () => string): SmtpBehaviour;
  mail(envelope: Envelope, stuffed: Buffer): void;
  said(who: 'client' | 'server', line: string): void;
}

const lineEnd = Buffer.from('\r\n');
const mailEnd = Buffer.from('\r\n.\r\n');
const onlyDot = Buffer.from('.\r\n');
const nothing = Buffer.alloc(0);

/** The server's side of one SMTP connection (RFC 5321), with PIPELINING, STARTTLS and AUTH. */
export class SmtpSession {
  private socket: Socket;
  private input: Buffer = nothing;
  private output = '';
  private searchedBytes = 0;
  /** Held back by a delay, or for ever by a hang. */
  private isWaiting = false;
  private next: 'command' | 'mail' | ((line: string) => void) = 'command';
  private isAuthenticated = false;
  private from: string | null = null;
  private to: string[] = [];

  constructor(
    socket: Socket,
    private readonly settings: SmtpSessionSettings,
    private readonly events: SmtpSessionEvents,
  ) {
    this.socket = socket;
    this.listen();
    this.reach('connect', () => '', () => this.reply(220, 'sink.test ESMTP'));
    this.flush();
  }

  private listen(): void {
    this.socket.setNoDelay(true);
    this.socket.on('data', (chunk: Buffer) => {
      this.input = this.input.length === 0 ? chunk : Buffer.concat([this.input, chunk]);
      this.work();
    });
    // A client that cuts the connection is what many tests are about.
    this.socket.on('error', () => {});
  }

  private work(): void {
    while (!this.isWaiting && !this.socket.destroyed) {
      if (!(this.next === 'mail' ? this.takeMail() : this.takeLine(this.next))) break;
    }
    this.flush();
  }

  private takeLine(next: 'command' | ((line: string) => void)): boolean {
    const end = this.input.indexOf(lineEnd);
    if (end === -1) return false;
    const line = this.input.toString('utf8', 0, end);
    this.input = this.input.subarray(end + lineEnd.length);
    this.events.said('client', line);
    if (next === 'command') this.command(line);
    else next(line);
    return true;
  }

  private takeMail(): boolean {
    const isEmpty = this.input.subarray(0, onlyDot.length).equals(onlyDot);
    const end = isEmpty ? 0 : this.input.indexOf(mailEnd, Math.max(0, this.searchedBytes - mailEnd.length));
    if (end === -1) {
      this.searchedBytes = this.input.length;
      return false;
    }
    const stuffed = isEmpty ? nothing : this.input.subarray(0, end + lineEnd.length);
    this.input = this.input.subarray(isEmpty ? onlyDot.length : end + mailEnd.length);
    this.searchedBytes = 0;
    this.next = 'command';
    const envelope = { from: this.from ?? '', to: this.to };
    this.reset();
    const take = () => this.events.mail(envelope, stuffed);
    this.reach('dot', () => stuffed.toString('latin1'), () => {
      take();
      this.reply(250, '2.0.0 taken');
    }, take);
    return true;
  }

  private command(line: string): void {
    const [verb = ''] = line.split(/[ :]/, 1);
    const said = () => line;
    switch (verb.toUpperCase()) {
      case 'EHLO':
      case 'HELO':
        return this.reach('EHLO', said, () => this.greet());
      case 'STARTTLS':
        return this.startTls();
      case 'AUTH':
        return this.reach('AUTH', said, () => this.authenticate(line));
      case 'MAIL':
        return this.reach('MAIL', said, () => this.mailFrom(line));
      case 'RCPT':
        return this.reach('RCPT', said, () => this.recipient(line));
      case 'DATA':
        return this.to.length === 0 ? this.reply(503, '5.5.1 RCPT first') : this.reach('DATA', said, () => this.openData());
      case 'RSET':
        this.reset();
        return this.reply(250, '2.0.0 reset');
      case 'NOOP':
        return this.reply(250, '2.0.0 here');
      case 'QUIT':
        this.reply(221, '2.0.0 bye');
        return this.end();
      default:
        return this.reply(500, '5.5.2 unknown command');
    }
  }

  private greet(): void {
    const offers = [...this.settings.extensions];
    if (this.settings.tls !== undefined && !(this.socket instanceof TLSSocket)) offers.push('STARTTLS');
    if (this.settings.credentials !== undefined) offers.push('AUTH PLAIN LOGIN');
    const lines = ['sink.test', ...offers];
    lines.forEach((line, index) => this.say(`250${index === lines.length - 1 ? ' ' : '-'}${line}`));
  }

  private startTls(): void {
    const { tls } = this.settings;
    if (tls === undefined || this.socket instanceof TLSSocket) return this.reply(502, '5.5.1 no TLS here');
    this.reply(220, '2.0.0 go ahead');
    this.flush();
    const plain = this.socket;
    plain.removeAllListeners('data');
    // What was sent before the handshake in the clear must not count as said within it (CVE-2011-0411).
    this.input = nothing;
    this.reset();
    this.socket = new TLSSocket(plain, { isServer: true, key: tls.key, cert: tls.cert });
    this.listen();
  }

  private authenticate(line: string): void {
    const [, mechanism = '', initial] = line.split(' ');
    const plain = (answer: string) => {
      this.next = 'command';
      const [, username = '', password = ''] = decode(answer).split('\0');
      this.check(username, password);
    };
    if (mechanism.toUpperCase() === 'PLAIN') return initial === undefined ? this.ask('', plain) : plain(initial);
    if (mechanism.toUpperCase() !== 'LOGIN') return this.reply(504, '5.5.4 unknown mechanism');
    const username = (answer: string) => this.ask('UGFzc3dvcmQ6', (second) => this.check(decode(answer), decode(second)));
    return initial === undefined ? this.ask('VXNlcm5hbWU6', username) : username(initial);
  }

  private ask(challenge: string, next: (line: string) => void): void {
    this.next = (line) => {
      this.next = 'command';
      next(line);
    };
    this.reply(334, challenge);
  }

  private check(username: string, password: string): void {
    const { credentials } = this.settings;
    this.isAuthenticated = credentials?.username === username && credentials.password === password;
    if (this.isAuthenticated) this.reply(235, '2.7.0 welcome');
    else this.reply(535, '5.7.8 wrong user name or password');
  }

  private mailFrom(line: string): void {
    if (this.settings.credentials !== undefined && !this.isAuthenticated) return this.reply(530, '5.7.0 authenticate first');
    if (this.from !== null) return this.reply(503, '5.5.1 one mail at a time');
    this.from = addressIn(line);
    this.reply(250, '2.1.0 sender fine');
  }

  private recipient(line: string): void {
    if (this.from === null) return this.reply(503, '5.5.1 MAIL first');
    this.to.push(addressIn(line));
    this.reply(250, '2.1.5 recipient fine');
  }

  private openData(): void {
    this.next = 'mail';
    this.reply(354, 'go on, end with a dot');
  }

  private reset(): void {
    this.from = null;
    this.to = [];
  }

  /** Comes to a stage: waits its delay, then does what the script says, by default `goOn`. `take` is how a mail is received unsaid. */
  private reach(stage: SmtpStage, said: () => string, goOn: () => void, take: () => void = () => {}): void {
    const delay = this.settings.delayMs[stage] ?? 0;
    const act = () => this.behave(stage, this.events.behaviourAt(stage, said), goOn, take);
    if (delay === 0) return act();
    this.isWaiting = true;
    setTimeout(() => {
      this.isWaiting = false;
      if (this.socket.destroyed) return;
      act();
      this.work();
    }, delay);
  }

  private behave(stage: SmtpStage, behaviour: SmtpBehaviour, goOn: () => void, take: () => void): void {
    switch (behaviour.kind) {
      case 'accept':
        return goOn();
      case 'reply':
        this.reply(behaviour.code, behaviour.text);
        if (behaviour.code === 421 || stage === 'connect') this.end();
        return;
      case 'hang':
        if (behaviour.taken === true) take();
        this.isWaiting = true;
        return;
      case 'disconnect':
        if (behaviour.taken === true) take();
        this.output = '';
        this.socket.destroy();
        return;
      default:
        return behaviour satisfies never;
    }
  }

  private end(): void {
    this.flush();
    this.isWaiting = true;
    this.socket.end();
  }

  private reply(code: number, text: string): void {
    this.say(`${code} ${text}`);
  }

  private say(line: string): void {
    this.events.said('server', line);
    this.output += `${line}\r\n`;
  }

  /** Once per packet that came, so that pipelined commands are answered together. */
  private flush(): void {
    if (this.output === '' || this.socket.destroyed) return;
    this.socket.write(this.output);
    this.output = '';
  }
}

function addressIn(line: string): string {
  return /<([^>]*)>/.exec(line)?.[1] ?? '';
}

function decode(base64: string): string {
  return Buffer.from(base64, 'base64').toString('utf8');
}
