import { isIP } from 'node:net';
import { rootCertificates, type ConnectionOptions as TlsOptions } from 'node:tls';
import { isLoopbackHost, type MailRelaySettings } from '@rekey/deployment-config';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { crashPoint } from '@rekey/lifecycle';
import { inAsciiDomain, isAscii } from './envelope-address.ts';
import { MailBody } from './mail-body.ts';
import type { Mail } from './mail.ts';
import { closedBecauseOf, codeOf, isRefusedByClient, isRelaysFault, type RelayError } from './relay-error.ts';
import { SmtpDialogue } from './smtp-dialogue.ts';
import type { Conversation, RelayRefusal, SendOutcome, SendResult, SmtpStage } from './smtp-outcome.ts';
import { formsOf, presentable } from './smtp-reply.ts';
import { Transcript, type DialogueLine } from './transcript.ts';

/** As far as talking to the relay goes. */
export type RelayAddress = Pick<MailRelaySettings, 'name' | 'host' | 'port' | 'tls' | 'credentials'>;

export interface SmtpTimeouts {
  readonly connectMs: number;
  /** For each answer up to the 354: the greeting, EHLO, STARTTLS with its handshake, AUTH as a whole, MAIL, RCPT, DATA. */
  readonly commandMs: number;
  /** From the 354 to the answer to the dot. */
  readonly dataMs: number;
}

export interface SmtpSessionOptions {
  readonly timeouts: SmtpTimeouts;
  /** PEM; trusted beside those that Node.js knows. */
  readonly certificateAuthorities?: readonly string[] | undefined;
  /** Aborted: a session that is being opened is given up. */
  readonly ended: AbortSignal;
}

/** nodemailer's own limit for what comes before the first mail; the deadlines of each answer are shorter. */
const answersBeforeTheFirstMail = 4;

/** `asking` is from the 354 on, `body` from its first byte on, `dot` when all of it is out. */
type Phase = 'envelope' | 'asking' | 'body' | 'dot';

/** One kept connection to the relay: signed in, one mail at a time. */
export class SmtpSession {
  mailsSent = 0;
  private failure: Error | null = null;
  /** Whoever waits for an answer learns here that the connection is gone. */
  private onFailure: ((error: Error) => void) | null = null;
  private readonly transcript: Transcript;
  private readonly dialogue: SmtpDialogue;
  private readonly connection: SMTPConnection;
  private readonly timeouts: SmtpTimeouts;
  private readonly secrets: readonly string[];

  private constructor(
    private readonly relay: RelayAddress,
    { timeouts, certificateAuthorities }: SmtpSessionOptions,
  ) {
    this.timeouts = timeouts;
    this.secrets = relay.credentials ? formsOf(relay.credentials) : [];
    this.transcript = new Transcript(this.secrets);
    this.dialogue = new SmtpDialogue(this.transcript);
    this.connection = new SMTPConnection({
      host: relay.host,
      port: relay.port,
      secure: relay.tls === 'implicit',
      requireTLS: relay.tls === 'starttls',
      opportunisticTLS: relay.tls === 'opportunistic',
      ignoreTLS: relay.tls === 'none',
      tls: tlsOptions(relay, certificateAuthorities),
      connectionTimeout: timeouts.connectMs + answersBeforeTheFirstMail * timeouts.commandMs,
      greetingTimeout: timeouts.commandMs,
      dnsTimeout: timeouts.connectMs,
      // A session's own deadlines are shorter: this one is for the relay that goes silent between them.
      socketTimeout: timeouts.commandMs + timeouts.dataMs,
      allowInternalNetworkInterfaces: true,
      ...this.dialogue.connectionOptions,
    });
    this.connection.on('error', (error: Error) => this.fail(error));
    this.connection.on('end', () => this.fail(closedBecauseOf(this.connection.lastServerResponse || '')));
  }

  /** @returns the session, or why the relay cannot be used: then nothing is left open */
  static async open(relay: RelayAddress, options: SmtpSessionOptions): Promise<SmtpSession | (RelayRefusal & Conversation)> {
    const session = new SmtpSession(relay, options);
    const giveUp = (): void => session.close();
    options.ended.addEventListener('abort', giveUp, { once: true });
    try {
      await session.connect();
      await session.signIn();
      crashPoint('K11');
      return session;
    } catch (error) {
      session.close();
      return session.told({ kind: 'relay-refused', stage: session.stageOf(error), reply: session.replyOf(error) });
    } finally {
      options.ended.removeEventListener('abort', giveUp);
    }
  }

  /** Since it was opened, of the latest mail alone. */
  get said(): readonly DialogueLine[] {
    return this.transcript.lines;
  }

  get usable(): boolean {
    return this.failure === null && !this.connection.destroyed;
  }

  /**
   * Sends one mail.
   * @param onData awaited after the 354 and before the first byte of the body; false withdraws the mail
   * @returns the outcome; `stale` where the connection proved dead before the relay had heard of the mail
   */
  async send(mail: Mail, onData: () => Promise<boolean>): Promise<SendOutcome | { readonly kind: 'stale' }> {
    this.transcript.beginMail(mail.secret);
    const result = await this.exchange(mail, onData);
    return result.kind === 'stale' ? result : this.told(result);
  }

  /** QUIT, without waiting for the answer; nothing more is sent. */
  quit(): void {
    this.failure ??= new Error('the session has ended');
    this.connection.quit();
    setTimeout(() => this.close(), this.timeouts.commandMs).unref();
  }

  close(): void {
    this.connection.close();
  }

  private told<Result extends SendResult>(result: Result): Result & Conversation {
    return { ...result, relay: this.relay.name, dialogue: this.said };
  }

  private async exchange(mail: Mail, onData: () => Promise<boolean>): Promise<SendResult | { readonly kind: 'stale' }> {
    const to = inAsciiDomain(mail.envelope.to);
    if (!isAscii(to) && !this.dialogue.isOffered('SMTPUTF8')) return { kind: 'rejected', stage: 'rcpt', reply: 'the relay does not offer SMTPUTF8, which this address needs' };
    let phase: Phase = 'envelope';
    let goAhead = '';
    this.mailsSent++;
    const askAndMark = async (): Promise<boolean> => {
      phase = 'asking';
      goAhead = this.connection.lastServerResponse || '';
      // Whatever else lets nodemailer go on means that commands and answers have come apart.
      const wanted = goAhead.startsWith('354') && (await onData());
      if (wanted) phase = 'body';
      return wanted;
    };
    const phaseNow = (): Phase => phase; // the assignments above happen while this function waits
    try {
      const reply = await this.answer<string>((done, deadline) => {
        this.dialogue.onProgress = () => deadline(this.timeouts.commandMs);
        const body = new MailBody(
          mail.raw,
          () => {
            this.dialogue.onProgress = () => undefined;
            deadline(this.timeouts.dataMs);
            return askAndMark();
          },
          () => {
            done(goAhead.startsWith('354') ? new Withdrawal() : new Error(`the relay answered DATA with "${goAhead}"`));
            this.close();
          },
        );
        body.once('end', () => {
          phase = 'dot';
          this.transcript.note('client', `(the mail, ${mail.raw.length} bytes)`);
          setImmediate(() => crashPoint('K15'));
        });
        this.connection.send({ from: inAsciiDomain(mail.envelope.from), to: [to], size: mail.raw.length }, body, (error, info) => {
          done(error, info?.response);
          if (error || phase !== 'dot') body.destroy();
        });
      }, this.timeouts.commandMs);
      if (phaseNow() === 'dot' && /^2\d\d/.test(reply)) return { kind: 'sent', reply: this.presentable(reply) };
      return this.unsent(new Error(`the relay answered "${reply}" ${phaseNow() === 'dot' ? 'to the mail' : 'before it had the mail'}`), phaseNow(), to);
    } catch (error) {
      return error instanceof Withdrawal ? { kind: 'withdrawn' } : this.unsent(error, phaseNow(), to);
    }
  }

  private async connect(): Promise<void> {
    await this.answer((done, deadline) => {
      this.dialogue.onProgress = () => deadline(this.timeouts.commandMs);
      this.connection.connect((error) => done(error ?? null));
    }, this.timeouts.connectMs);
  }

  private async signIn(): Promise<void> {
    const { credentials } = this.relay;
    if (!credentials) return;
    // Where TLS is not required, and its offer may have been taken away on the way (RFC 3207 section 6).
    if (!this.connection.secure && !isLoopbackHost(this.relay.host)) throw Object.assign(new Error('without TLS the password would go out in the clear: it is not sent'), { command: 'AUTH' });
    if (!this.connection.allowsAuth) throw Object.assign(new Error('the relay does not offer AUTH'), { command: 'AUTH' });
    await this.answer((done) => this.connection.login({ credentials: { user: credentials.username, pass: credentials.password } }, done), this.timeouts.commandMs);
  }

  private unsent(error: unknown, phase: Phase, to: string): SendResult | { readonly kind: 'stale' } {
    const code = codeOf(error);
    const reply = this.replyOf(error);
    const stage = phase === 'envelope' ? this.stageOf(error) : phase === 'asking' ? 'data' : phase;
    const isTooBig = code === null && isRefusedByClient(error);
    // After any refusal the session's state is the relay's guess: the next mail gets a new one.
    if (isTooBig || (phase === 'envelope' && code !== null && code !== 421)) this.quit();
    else this.close();
    if (isTooBig) return { kind: 'rejected', stage, reply };
    if (code === null && (phase === 'body' || phase === 'dot')) return { kind: 'uncertain', stage, reply };
    if (this.mailsSent > 1 && phase === 'envelope' && (code === null || code === 421)) return { kind: 'stale' };
    if (code === null || code < 500) return { kind: 'retry', stage, reply };
    return { kind: isRelaysFault({ code, stage, reply, to }) ? 'relay-refused' : 'rejected', stage, reply };
  }

  /** Waits for what a command brings, for the end of the connection, or for the deadline, whichever is first. */
  private answer<Result>(command: (done: (error: Error | null | undefined, result?: Result) => void, deadline: (ms: number) => void) => void, withinMs: number): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (this.failure) return reject(this.failure);
      let timer: NodeJS.Timeout | undefined;
      const finish = (error: Error | null | undefined, result?: Result): void => {
        clearTimeout(timer);
        this.onFailure = null;
        this.dialogue.onProgress = () => undefined;
        if (error) reject(error);
        else resolve(result as Result); // a command that calls back without an error brings its result
      };
      const deadline = (ms: number): void => {
        clearTimeout(timer);
        timer = setTimeout(() => {
          this.fail(new Error(`the relay did not answer within ${ms / 1_000} s`));
          this.close();
        }, ms);
      };
      this.onFailure = finish;
      deadline(withinMs);
      command(finish, deadline);
    });
  }

  private fail(error: Error): void {
    if (this.failure === null) this.transcript.note('network', error.message);
    this.failure ??= error;
    this.onFailure?.(error);
  }

  /** Of pipelined commands the first refusal counts, which is not the last answer. */
  private stageOf(error: unknown): SmtpStage {
    const { command = '', response } = error instanceof Error ? (error as RelayError) : {};
    if (command.startsWith('AUTH')) return 'auth';
    if (command.startsWith('MAIL')) return 'mail';
    if (command.startsWith('RCPT')) return 'rcpt';
    return response ? this.dialogue.lastAnswered : this.dialogue.awaited;
  }

  private replyOf(error: unknown): string {
    return this.presentable(error instanceof Error ? (error as RelayError).response || error.message : String(error));
  }

  private presentable(reply: string): string {
    return presentable(reply, this.secrets, this.transcript.secretParts);
  }
}

class Withdrawal extends Error {}

/** Certificates are always verified; an own authority is named in NODE_EXTRA_CA_CERTS. */
function tlsOptions({ host }: RelayAddress, certificateAuthorities: readonly string[] | undefined): TlsOptions {
  return {
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(certificateAuthorities ? { ca: [...rootCertificates, ...certificateAuthorities] } : {}),
  };
}
