import { isIP } from 'node:net';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { crashPoint } from '../crash-point.ts';
import type { Mail } from '../template/mail.ts';
import { MailBody } from './mail-body.ts';
import type { SendOutcome, SmtpStage } from './smtp-outcome.ts';

/** `[output_adapter.email]`, as far as talking to the relay goes. */
export interface RelayAddress {
  readonly host: string;
  readonly port: number;
  readonly enableStartTls: boolean;
  readonly credentials: { readonly username: string; readonly password: string } | null;
}

export interface SmtpTimeouts {
  readonly connectMs: number;
  /** For the greeting, and for each answer up to the 354. */
  readonly commandMs: number;
  /** From the 354 to the answer to the dot. */
  readonly dataMs: number;
}

/** The first port of implicit TLS (RFC 8314). */
const smtpsPort = 465;

/** One kept connection to the relay: signed in, one mail at a time. */
export class SmtpSession {
  mailsSent = 0;
  private failure: RelayError | null = null;
  /** Whoever waits for an answer learns here that the connection is gone. */
  private onFailure: ((error: RelayError) => void) | null = null;

  private constructor(
    private readonly connection: SMTPConnection,
    private readonly timeouts: SmtpTimeouts,
  ) {
    connection.on('error', (error: RelayError) => this.fail(error));
    connection.on('end', () => this.fail(new Error('the relay closed the connection')));
  }

  /** @returns the session, or why the relay cannot be used: then nothing is left open */
  static async open(relay: RelayAddress, timeouts: SmtpTimeouts): Promise<SmtpSession | Extract<SendOutcome, { kind: 'relay-refused' }>> {
    const connection = new SMTPConnection({
      host: relay.host,
      port: relay.port,
      secure: relay.port === smtpsPort,
      requireTLS: relay.enableStartTls && relay.port !== smtpsPort,
      ignoreTLS: !relay.enableStartTls,
      // Certificates are verified always; an own authority is named in NODE_EXTRA_CA_CERTS.
      tls: isIP(relay.host) === 0 ? { servername: relay.host } : {},
      connectionTimeout: timeouts.connectMs,
      greetingTimeout: timeouts.commandMs,
      dnsTimeout: timeouts.connectMs,
      // A session's own deadlines are shorter: this one is for the relay that goes silent between them.
      socketTimeout: timeouts.commandMs + timeouts.dataMs,
      allowInternalNetworkInterfaces: true,
      logger: false,
    });
    const session = new SmtpSession(connection, timeouts);
    try {
      await session.answer((done) => connection.connect((error) => done(error ?? null)), timeouts.connectMs + timeouts.commandMs);
      const { credentials } = relay;
      if (credentials) await session.answer((done) => connection.login({ credentials: { user: credentials.username, pass: credentials.password } }, done), timeouts.commandMs);
      crashPoint('K11');
      return session;
    } catch (error) {
      connection.close();
      return { kind: 'relay-refused', stage: stageOf(error, 'connect'), reply: replyOf(error) };
    }
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
    let phase: 'envelope' | 'asking' | 'body' = 'envelope';
    let withdrawn = false;
    this.mailsSent++;
    try {
      const reply = await this.answer<string>((done, deadline) => {
        const askAndMark = async (): Promise<boolean> => {
          phase = 'asking';
          deadline(this.timeouts.dataMs);
          const wanted = await onData();
          if (wanted) phase = 'body';
          return wanted;
        };
        const body = new MailBody(mail.raw, askAndMark, () => {
          withdrawn = true;
          this.close();
          done(new Error('withdrawn'));
        });
        body.once('end', () => setImmediate(() => crashPoint('K15')));
        this.connection.send({ from: mail.envelope.from, to: [mail.envelope.to], size: mail.raw.length }, body, (error, info) => done(error, info?.response));
      }, this.timeouts.commandMs);
      return { kind: 'sent', reply };
    } catch (error) {
      if (withdrawn) return { kind: 'withdrawn' };
      return this.unsent(error, phase);
    }
  }

  /** QUIT, without waiting for the answer. */
  quit(): void {
    this.connection.quit();
  }

  close(): void {
    this.connection.close();
  }

  private unsent(error: unknown, phase: 'envelope' | 'asking' | 'body'): SendOutcome | { readonly kind: 'stale' } {
    const code = codeOf(error);
    const reply = replyOf(error);
    const stage = stageOf(error, phase === 'body' ? 'dot' : phase === 'asking' ? 'data' : 'mail');
    // After any refusal the session's state is the relay's guess: the next mail gets a new one.
    if (code === null || code === 421 || phase !== 'envelope') this.close();
    if (code === null && phase === 'body') return { kind: 'uncertain', stage, reply };
    if (this.mailsSent > 1 && phase === 'envelope' && (code === null || code === 421)) return { kind: 'stale' };
    if (code !== null && code >= 500) return { kind: 'rejected', stage, reply };
    return { kind: 'retry', stage, reply };
  }

  /** Waits for what a command brings, for the end of the connection, or for the deadline, whichever is first. */
  private answer<Result>(command: (done: (error: Error | null | undefined, result?: Result) => void, deadline: (ms: number) => void) => void, withinMs: number): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (this.failure) return reject(this.failure);
      let timer: NodeJS.Timeout | undefined;
      const finish = (error: Error | null | undefined, result?: Result): void => {
        clearTimeout(timer);
        this.onFailure = null;
        if (error) reject(error);
        else resolve(result as Result); // a command that calls back without an error brings its result
      };
      const deadline = (ms: number): void => {
        clearTimeout(timer);
        timer = setTimeout(() => {
          finish(new Error(`the relay did not answer within ${ms / 1_000} s`));
          this.close();
        }, ms);
      };
      this.onFailure = finish;
      deadline(withinMs);
      command(finish, deadline);
    });
  }

  private fail(error: RelayError): void {
    this.failure ??= error;
    this.onFailure?.(error);
  }
}

/** What nodemailer's errors say beside their message. */
type RelayError = Error & { readonly responseCode?: number; readonly response?: string; readonly command?: string; readonly code?: string };

function codeOf(error: unknown): number | null {
  return error instanceof Error ? ((error as RelayError).responseCode ?? null) : null;
}

function replyOf(error: unknown): string {
  return error instanceof Error ? ((error as RelayError).response || error.message) : String(error);
}

const stages: readonly (readonly [RegExp, SmtpStage])[] = [
  [/^MAIL/, 'mail'],
  [/^RCPT/, 'rcpt'],
  [/^AUTH/, 'auth'],
  [/^(EHLO|HELO|LHLO)/, 'ehlo'],
  [/^STARTTLS/, 'starttls'],
];

function stageOf(error: unknown, otherwise: SmtpStage): SmtpStage {
  const { command = '', code = '', message = '' } = error instanceof Error ? (error as RelayError) : {};
  const named = stages.find(([pattern]) => pattern.test(command))?.[1];
  if (named) return named;
  if (code === 'ETLS') return 'starttls';
  if (code === 'EAUTH') return 'auth';
  return /greeting/i.test(message) ? 'greeting' : otherwise;
}
