import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { SmtpStage } from './smtp-outcome.ts';
import type { Transcript } from './transcript.ts';

type ConnectionOptions = NonNullable<ConstructorParameters<typeof SMTPConnection>[0]>;

const stagesOfVerbs: Readonly<Record<string, SmtpStage>> = { EHLO: 'ehlo', HELO: 'ehlo', STARTTLS: 'starttls', MAIL: 'mail', RCPT: 'rcpt', DATA: 'data' };

/**
 * What has been said so far, as far as it matters: which command the relay still has to answer, and what it offers. nodemailer tells of
 * it through its transaction log alone, in which passwords are masked; nothing else of that log is looked at. What is kept of it stands
 * in the transcript.
 */
export class SmtpDialogue {
  /** Called when the connection is there, and after each answer. */
  onProgress: () => void = () => undefined;
  private readonly unanswered: SmtpStage[] = ['greeting'];
  private answered: SmtpStage = 'connect';
  private isConnected = false;
  private offers = '';

  constructor(private readonly transcript: Transcript) {}

  /** For SMTPConnection, so that it tells. */
  readonly connectionOptions: Pick<ConnectionOptions, 'logger' | 'transactionLog'> = {
    transactionLog: true,
    logger: {
      trace: () => undefined,
      debug: (entry: { tnx?: string }, line: string) => {
        if (entry.tnx === 'client') this.heardClient(line);
        if (entry.tnx === 'server') this.heardRelay(line);
      },
      info: (entry: { tnx?: string; remoteAddress?: string; remotePort?: number }) => {
        if (entry.tnx === 'network' && entry.remotePort !== undefined) this.heardConnected(`connected to ${entry.remoteAddress} port ${entry.remotePort}`);
      },
      warn: () => undefined,
      error: () => undefined,
      fatal: () => undefined,
    },
  };

  /** What the relay answers next; where it has answered everything, what it answered last. */
  get awaited(): SmtpStage {
    return this.isConnected ? (this.unanswered[0] ?? this.answered) : 'connect';
  }

  /** What the relay answered last. */
  get lastAnswered(): SmtpStage {
    return this.answered;
  }

  /** @param extension as EHLO lists it */
  isOffered(extension: string): boolean {
    return this.offers.split('\n').some((line) => line.slice(4).split(' ', 1)[0]?.toUpperCase() === extension);
  }

  private heardConnected(how: string): void {
    this.isConnected = true;
    this.transcript.note('network', how);
    this.onProgress();
  }

  private heardClient(line: string): void {
    // What is no verb is part of AUTH's exchange, or the dot of an empty mail.
    const stage = stagesOfVerbs[line.split(/[ :]/, 1)[0] ?? ''] ?? (line === '.' ? 'dot' : 'auth');
    this.unanswered.push(stage);
    this.transcript.note('client', stage === 'auth' && line !== 'QUIT' ? withoutCredentials(line) : line);
  }

  private heardRelay(answer: string): void {
    this.answered = this.unanswered.shift() ?? this.answered;
    if (this.answered === 'ehlo') this.offers = answer;
    this.transcript.note('relay', answer);
    this.onProgress();
  }
}

/** Neither the user name, which nodemailer shows, nor its mask for the password. */
function withoutCredentials(line: string): string {
  return /^AUTH \S+$/.test(line) ? line : `${/^AUTH \S+ /.exec(line)?.[0] ?? ''}…`;
}
