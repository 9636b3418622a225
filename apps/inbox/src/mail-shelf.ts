import { readMail, summaryOf, type CaughtMail, type Envelope, type Mail, type MailSummary } from './mail.ts';
import type { MailFolder } from './mail-folder.ts';

export interface ShelfLimits {
  readonly mails: number;
  readonly totalBytes: number;
}

const defaultLimits: ShelfLimits = { mails: 500, totalBytes: 64 * 1024 * 1024 };

interface Kept {
  readonly mail: CaughtMail;
  readonly summary: MailSummary;
}

/** The newest mails: a bounded number of them and of their bytes, in memory and, where there is one, in a folder. */
export class MailShelf {
  /** Oldest first. */
  private kept: Kept[] = [];
  private totalBytes = 0;
  private lastId = 0;

  private constructor(
    private readonly folder: MailFolder | null,
    private readonly limits: ShelfLimits,
  ) {}

  /** @param folder holds the mails of earlier runs, which are on the shelf again */
  static async open(folder: MailFolder | null, limits: ShelfLimits = defaultLimits): Promise<MailShelf> {
    const shelf = new MailShelf(folder, limits);
    for (const id of (await folder?.ids()) ?? []) {
      const mail = await folder?.read(id);
      if (mail) await shelf.place(mail);
    }
    return shelf;
  }

  /** @throws Error where it cannot be written to the folder: it is not kept then */
  async add(envelope: Envelope, raw: Buffer): Promise<MailSummary> {
    this.lastId = Math.max(Date.now(), this.lastId + 1);
    const mail = { id: String(this.lastId), envelope, raw };
    await this.folder?.write(mail);
    return this.place(mail);
  }

  /** Newest first. */
  list(): MailSummary[] {
    return this.kept.map(({ summary }) => summary).reverse();
  }

  source(id: string): Buffer | null {
    return this.find(id)?.raw ?? null;
  }

  async read(id: string): Promise<Mail | null> {
    const mail = this.find(id);
    return mail ? readMail(mail) : null;
  }

  async clear(): Promise<void> {
    const gone = this.kept;
    this.kept = [];
    this.totalBytes = 0;
    for (const { mail } of gone) await this.folder?.remove(mail.id);
  }

  private find(id: string): CaughtMail | undefined {
    return this.kept.find(({ mail }) => mail.id === id)?.mail;
  }

  private async place(mail: CaughtMail): Promise<MailSummary> {
    const summary = await summaryOf(mail);
    // Two that came at once may have been written in the other order.
    let index = this.kept.length;
    while (index > 0 && Number(this.kept[index - 1]?.mail.id) > Number(mail.id)) index--;
    this.kept.splice(index, 0, { mail, summary });
    this.totalBytes += mail.raw.length;
    this.lastId = Math.max(this.lastId, Number(mail.id));
    while (this.kept.length > this.limits.mails || (this.totalBytes > this.limits.totalBytes && this.kept.length > 1)) await this.dropOldest();
    return summary;
  }

  private async dropOldest(): Promise<void> {
    const oldest = this.kept.shift();
    if (!oldest) return;
    this.totalBytes -= oldest.mail.raw.length;
    await this.folder?.remove(oldest.mail.id);
  }
}
