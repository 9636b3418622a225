import { Readable } from 'node:stream';
import { crashesAt, crashPoint } from '@rekey/lifecycle';

/**
 * The message as nodemailer's SMTPConnection takes it. It is read only after the relay's 354 (measured), so the first read is the
 * moment to ask whether the mail is still wanted, and to write down durably that DATA has begun, before the first byte.
 */
export class MailBody extends Readable {
  private asked = false;
  private position = 0;

  /** @param onData whether the mail is still wanted @param onWithdrawn told where it is not; the stream then stays silent */
  constructor(
    private readonly raw: Buffer,
    private readonly onData: () => Promise<boolean>,
    private readonly onWithdrawn: () => void,
  ) {
    super();
  }

  override _read(): void {
    if (this.asked) {
      this.pushNext();
      return;
    }
    this.asked = true;
    this.onData().then(
      (wanted) => (wanted ? this.pushNext() : this.onWithdrawn()),
      () => this.onWithdrawn(),
    );
  }

  /** In one piece, but in two where a test is to stop in the middle. */
  private pushNext(): void {
    if (this.position > 0) crashPoint('K14');
    const end = this.position === 0 && crashesAt('K14') ? Math.ceil(this.raw.length / 2) : this.raw.length;
    const part = this.raw.subarray(this.position, end);
    this.position = end;
    this.push(part.length > 0 ? part : null);
  }
}
