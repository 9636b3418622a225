import { setImmediate as nextTurn } from 'node:timers/promises';
import { crashesAt, crashPoint } from '@rekey/lifecycle';
import { reasonOf } from '@rekey/observability';
import type { AnsweringFamily } from './answering-family.ts';
import { inAsciiDomain, isAscii } from './envelope-address.ts';
import { mailData } from './mail-data.ts';
import type { Mail } from './mail.ts';
import type { RelayAddress, SmtpTimeouts } from './relay-address.ts';
import { isRelaysFault, RelayError } from './relay-error.ts';
import { initiate, isSuccess, refused } from './session-initiation.ts';
import { closing, Deadline, SmtpConnection, type Command } from './smtp-connection.ts';
import type { SmtpExtensions } from './smtp-extensions.ts';
import type { Conversation, RelayRefusal, SendOutcome, SendResult } from './smtp-outcome.ts';
import { formsOf } from './smtp-reply.ts';
import { Transcript, type DialogueLine } from './transcript.ts';

export interface SmtpSessionOptions {
  readonly timeouts: SmtpTimeouts;
  /** PEM; trusted beside those that Node.js knows. */
  readonly certificateAuthorities?: readonly string[] | undefined;
  /** Of the relay's address, for all its sessions. */
  readonly family: AnsweringFamily;
  /** Aborted: a session that is being opened is given up. */
  readonly ended: AbortSignal;
}

/** The relay never heard of the mail: a kept connection had died unnoticed. */
interface Stale {
  readonly kind: 'stale';
}

const goOn = 354;

/** One kept connection to the relay: signed in, one mail at a time. */
export class SmtpSession {
  mailsSent = 0;

  private constructor(
    private readonly relay: RelayAddress,
    private readonly connection: SmtpConnection,
    private readonly extensions: SmtpExtensions,
    private readonly transcript: Transcript,
    private readonly timeouts: SmtpTimeouts,
  ) {}

  /** @returns the session, or why the relay cannot be used: then nothing is left open */
  static async open(relay: RelayAddress, { timeouts, certificateAuthorities, family, ended }: SmtpSessionOptions): Promise<SmtpSession | (RelayRefusal & Conversation)> {
    const transcript = new Transcript(relay.credentials ? formsOf(relay.credentials) : []);
    const connection = new SmtpConnection(relay, transcript, certificateAuthorities, family);
    const giveUp = (): void => connection.close();
    ended.addEventListener('abort', giveUp, { once: true });
    try {
      const extensions = await initiate(connection, relay, timeouts);
      crashPoint('K11');
      return new SmtpSession(relay, connection, extensions, transcript, timeouts);
    } catch (error) {
      connection.close();
      const { stage, message } = asRelayError(error);
      return { kind: 'relay-refused', stage, reply: transcript.presentable(message), relay: relay.name, dialogue: transcript.lines };
    } finally {
      ended.removeEventListener('abort', giveUp);
    }
  }

  /** Since it was opened, of the latest mail alone. */
  get said(): readonly DialogueLine[] {
    return this.transcript.lines;
  }

  get usable(): boolean {
    return this.connection.isOpen;
  }

  /**
   * Sends one mail.
   * @param onData awaited after the 354 and before the first byte of the body; false withdraws the mail
   * @returns the outcome; `stale` where the connection proved dead before the relay had heard of the mail
   */
  async send(mail: Mail, onData: () => Promise<boolean>): Promise<SendOutcome | Stale> {
    this.transcript.beginMail(mail.secret);
    const result = await this.exchange(mail, onData);
    return result.kind === 'stale' ? result : { ...result, relay: this.relay.name, dialogue: this.said };
  }

  /** QUIT, without waiting for the answer; nothing more is sent. */
  quit(): void {
    this.connection.quit(this.timeouts.commandMs);
  }

  close(): void {
    this.connection.close();
  }

  private async exchange({ envelope, raw }: Mail, onData: () => Promise<boolean>): Promise<SendResult | Stale> {
    const [from, to] = [inAsciiDomain(envelope.from), inAsciiDomain(envelope.to)];
    const objection = this.objectionTo(from, to, raw.length);
    if (objection) return { kind: 'rejected', ...objection };
    this.mailsSent++;
    try {
      await this.announce(from, to, raw.length);
    } catch (error) {
      return this.notAnnounced(asRelayError(error), to);
    }
    const deadline = new Deadline(this.timeouts.dataMs);
    try {
      if (!(await this.connection.meanwhile(onData().catch(() => false), deadline))) {
        this.close();
        return { kind: 'withdrawn' };
      }
    } catch (error) {
      return { kind: 'retry', stage: 'data', reply: this.transcript.presentable(asRelayError(error).message) };
    }
    return this.handOver(raw, deadline);
  }

  /** @returns why the relay need not even be asked */
  private objectionTo(from: string, to: string, bytes: number): { readonly stage: 'mail' | 'rcpt'; readonly reply: string } | null {
    const { maxBytes } = this.extensions;
    if (bytes > maxBytes) return { stage: 'mail', reply: `the mail has ${bytes} bytes, more than the ${maxBytes} that the relay takes` };
    if (/[\s<>]/.test(from + to)) return { stage: 'rcpt', reply: 'no command can hold the address' };
    if (!isAscii(to) && !this.extensions.has('SMTPUTF8')) return { stage: 'rcpt', reply: 'the relay does not offer SMTPUTF8, which this address needs' };
    return null;
  }

  /** Envelope and DATA, up to the 354. @throws RelayError: of several refusals the first one counts, which is not the last answer */
  private async announce(from: string, to: string, bytes: number): Promise<void> {
    const parameters = `${this.extensions.has('SMTPUTF8') && !isAscii(from + to) ? ' SMTPUTF8' : ''}${this.extensions.has('SIZE') ? ` SIZE=${bytes}` : ''}`;
    const commands: readonly Command[] = [
      { stage: 'mail', line: `MAIL FROM:<${from}>${parameters}` },
      { stage: 'rcpt', line: `RCPT TO:<${to}>` },
      { stage: 'data', line: 'DATA' },
    ];
    for (const together of this.extensions.has('PIPELINING') ? [commands] : commands.map((command) => [command])) {
      this.connection.say(...together);
      await this.allGranted(together.length);
    }
  }

  private async allGranted(answers: number): Promise<void> {
    let refusal: RelayError | null = null;
    try {
      for (let heard = 0; heard < answers && refusal?.code !== closing; heard++) {
        const answer = await this.connection.answer(new Deadline(this.timeouts.commandMs));
        const isGranted = answer.stage === 'data' ? answer.code === goOn : isSuccess(answer.code);
        if (!isGranted) refusal ??= refused(answer);
        // It waits for a mail without a recipient now: nothing that is said here may become that.
        else if (refusal && answer.stage === 'data') this.close();
      }
    } catch (error) {
      throw refusal ?? error;
    }
    if (refusal) throw refusal;
  }

  /** Before the 354 it is surely not accepted. */
  private notAnnounced(error: RelayError, to: string): SendResult | Stale {
    const { code, stage } = error;
    // After any refusal the session's state is the relay's guess: the next mail gets a new one.
    if (code === null || code === closing) this.close();
    else this.quit();
    if (this.mailsSent > 1 && (code === null || code === closing)) return { kind: 'stale' };
    const reply = this.transcript.presentable(error.message);
    if (code === null || code < 500) return { kind: 'retry', stage, reply };
    return { kind: isRelaysFault(error, to) ? 'relay-refused' : 'rejected', stage, reply };
  }

  /** From the first byte of the body on, only an answer tells what became of the mail (RFC 1047). */
  private async handOver(raw: Buffer, deadline: Deadline): Promise<SendResult> {
    let stage: 'body' | 'dot' = 'body';
    const stageNow = (): typeof stage => stage; // it changes while this function waits
    const [lines, end] = mailData(raw);
    if (crashesAt('K14')) this.connection.send(lines.subarray(0, lines.length / 2), '', () => crashPoint('K14'));
    else {
      this.connection.send(lines, end, () => {
        stage = 'dot';
        this.transcript.note('client', `(the mail, ${raw.length} bytes)`);
        crashPoint('K15');
      });
    }
    try {
      const answer = await this.connection.answer(deadline);
      // Over TLS a socket tells of a write only one turn after it, and the answer to it may be there before.
      if (stageNow() === 'body') await nextTurn();
      if (!isSuccess(answer.code)) throw refused(answer);
      if (stageNow() === 'body') throw new RelayError(`the relay answered "${answer.text}" before it had the mail`, 'body');
      return { kind: 'sent', reply: this.transcript.presentable(answer.text) };
    } catch (error) {
      this.close();
      const { code, message } = asRelayError(error);
      const told = { stage: stageNow(), reply: this.transcript.presentable(message) };
      if (code === null) return { kind: 'uncertain', ...told };
      return { kind: code < 500 ? 'retry' : 'rejected', ...told };
    }
  }
}

function asRelayError(error: unknown): RelayError {
  return error instanceof RelayError ? error : new RelayError(reasonOf(error), 'connect');
}
