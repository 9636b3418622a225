import { connect, isIP, type Socket } from 'node:net';
import { connect as connectSecurely, rootCertificates, type ConnectionOptions as TlsOptions } from 'node:tls';
import { reasonOf } from '@rekey/observability';
import type { AnsweringFamily } from './answering-family.ts';
import type { RelayAddress } from './relay-address.ts';
import { RelayError } from './relay-error.ts';
import { ReplyReader, type RelayReply } from './reply-reader.ts';
import type { SmtpStage } from './smtp-outcome.ts';
import type { Transcript } from './transcript.ts';

/** A line to the relay, which answers it. */
export interface Command {
  readonly stage: SmtpStage;
  readonly line: string;
  /** What of it may be shown, where that is not all. */
  readonly shown?: string;
}

/** What the relay answers to a command. */
export interface Answer extends RelayReply {
  readonly stage: SmtpStage;
}

/** How long something may take as a whole, from now on. */
export class Deadline {
  private readonly endsAtMs: number;

  constructor(readonly ms: number) {
    this.endsAtMs = performance.now() + ms;
  }

  get leftMs(): number {
    return this.endsAtMs - performance.now();
  }
}

/** Connections over which nothing is said must outlive what stands between us and the relay. */
const keepAliveMs = 30_000;
/** For each address of a host but the last. Node.js gives up on one after a quarter of a second: a relay far away, or a first packet that is lost, takes longer. */
const addressMs = 2_500;

/**
 * A connection to a relay: commands go out, and each has one answer, in their order. Invariant: an answer to nothing ends it, since whatever came next would be
 * taken for the answer to something else. So does the end of somebody's patience; then everybody who waits, or asks later, learns why.
 */
export class SmtpConnection {
  isSecure = false;
  private readonly reader = new ReplyReader();
  private readonly unread: Answer[] = [];
  /** What the relay still has to answer. */
  private readonly unanswered: SmtpStage[] = [];
  private answered: SmtpStage = 'connect';
  private failure: { readonly message: string; readonly code: number | null } | null = null;
  private onAnswer: ((answer: Answer) => void) | null = null;
  private onFailure: (() => void) | null = null;
  private socket: Socket | null = null;

  /** @param certificateAuthorities PEM; trusted beside those that Node.js knows, to which NODE_EXTRA_CA_CERTS adds */
  constructor(
    private readonly relay: Pick<RelayAddress, 'host' | 'port' | 'tls'>,
    private readonly transcript: Transcript,
    private readonly certificateAuthorities: readonly string[] | undefined,
    private readonly family: AnsweringFamily,
  ) {}

  get isOpen(): boolean {
    return this.failure === null;
  }

  /** The greeting is the answer to it. @throws RelayError */
  async open(deadline: Deadline): Promise<void> {
    const { host, port, tls } = this.relay;
    const to = { host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: keepAliveMs, autoSelectFamilyAttemptTimeout: addressMs, lookup: this.family.lookup };
    await this.whileOpen<void>(deadline, (opened) => {
      // At once: the greeting may be there already.
      const greeted = (): void => {
        this.isSecure = tls === 'implicit';
        this.family.answered(this.socket?.remoteFamily);
        this.transcript.note('network', `connected to ${this.socket?.remoteAddress} port ${port}`);
        this.unanswered.push('greeting');
        opened();
      };
      this.use(tls === 'implicit' ? connectSecurely({ ...to, ...this.tlsOptions() }, greeted) : connect(to, greeted));
    });
  }

  /** Goes on over TLS. @throws RelayError */
  async secure(deadline: Deadline): Promise<void> {
    // RFC 3207 section 6: it was said in the clear, and would be taken for what the relay says under TLS (CVE-2011-0411).
    if (!this.reader.isEmpty) this.fail('the relay says more than its answer to STARTTLS');
    const plain = this.socket ?? undefined;
    plain?.off('data', this.hear);
    await this.whileOpen<void>(deadline, (secured) => this.use(connectSecurely({ socket: plain, host: this.relay.host, ...this.tlsOptions() }, secured)));
    this.isSecure = true;
  }

  /** In one piece: more than one where the relay has said that it takes them together (RFC 2920). */
  say(...commands: readonly Command[]): void {
    for (const { stage, line, shown = line } of commands) {
      this.unanswered.push(stage);
      this.transcript.note('client', shown);
    }
    this.socket?.write(commands.map(({ line }) => `${line}\r\n`).join(''));
  }

  /** The next one, whatever it says. @throws RelayError where none comes */
  async answer(deadline: Deadline): Promise<Answer> {
    return this.unread.shift() ?? (await this.whileOpen<Answer>(deadline, (heard) => (this.onAnswer = heard)));
  }

  /** While the relay waits for us. @throws RelayError where the connection ends first */
  async meanwhile<Result>(work: Promise<Result>, deadline: Deadline): Promise<Result> {
    return this.whileOpen<Result>(deadline, (done, failed) => void work.then(done, failed));
  }

  /**
   * What stands behind a 354, in one piece; the relay answers its end.
   * @param onSent when all of it is on its way
   */
  send(lines: Buffer, end: string, onSent: () => void): void {
    this.unanswered.push('dot');
    this.socket?.cork();
    this.socket?.write(lines);
    this.socket?.write(end, (error) => {
      if (!error) onSent();
    });
    this.socket?.uncork();
  }

  /** Parts politely: whatever comes now ends the connection, and nothing within this time does, too. */
  quit(patienceMs: number): void {
    if (this.failure) return;
    this.transcript.note('client', 'QUIT');
    this.socket?.write('QUIT\r\n');
    this.failure = { message: 'the session has ended', code: null };
    setTimeout(() => this.socket?.destroy(), patienceMs).unref();
  }

  /** Nothing is said any more, at either side. */
  close(): void {
    this.failure ??= { message: 'the connection was closed by this side', code: null };
    this.socket?.destroy();
    this.onFailure?.();
  }

  /** Waits for what is begun, for the end of the connection, or for the deadline, whichever is first. */
  private async whileOpen<Result>(deadline: Deadline, begin: (done: (result: Result) => void, failed: (error: unknown) => void) => void): Promise<Result> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.fail(`the relay did not answer within ${deadline.ms / 1_000} s`), deadline.leftMs);
      const settle = (how: () => void): void => {
        clearTimeout(timer);
        this.onAnswer = this.onFailure = null;
        how();
      };
      this.onFailure = () => settle(() => reject(new RelayError(this.failure?.message ?? '', this.unanswered[0] ?? this.answered, this.failure?.code ?? null)));
      if (this.failure) this.onFailure();
      else begin((result) => settle(() => resolve(result)), (error) => settle(() => reject(error)));
    });
  }

  private use(socket: Socket): void {
    this.socket = socket;
    socket.on('data', this.hear);
    socket.on('error', (error) => this.fail(reasonOf(error)));
    for (const end of ['end', 'close']) socket.on(end, () => this.ended());
  }

  private readonly hear = (chunk: Buffer): void => {
    if (this.failure) return void this.socket?.destroy();
    try {
      for (const reply of this.reader.take(chunk)) this.heard(reply);
    } catch (error) {
      this.fail(reasonOf(error));
    }
  };

  private heard({ code, text }: RelayReply): void {
    this.transcript.note('relay', text);
    const stage = this.unanswered.shift();
    if (stage === undefined) return this.fail(code === closing ? text : `the relay says "${text}" unasked`, code);
    this.answered = stage;
    const answer = { code, text, stage };
    if (this.onAnswer) this.onAnswer(answer);
    else this.unread.push(answer);
  }

  private ended(): void {
    const lastWords = this.failure ? null : this.reader.end();
    if (lastWords) this.heard(lastWords);
    this.fail('the relay closed the connection');
  }

  private fail(message: string, code: number | null = null): void {
    if (this.failure) return;
    this.transcript.note('network', message);
    this.failure = { message, code };
    this.socket?.destroy();
    this.onFailure?.();
  }

  /** Certificates are always verified. */
  private tlsOptions(): TlsOptions {
    const { host } = this.relay;
    return {
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(this.certificateAuthorities ? { ca: [...rootCertificates, ...this.certificateAuthorities] } : {}),
    };
  }
}

/** RFC 5321 section 3.8: with it the relay closes the connection, whatever it was asked. */
export const closing = 421;
