import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { simpleParser, type ParsedMail } from 'mailparser';

/** A caught mail, as the web page shows it. */
export interface CaughtMail {
  readonly id: string;
  readonly receivedAt: string;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly html: string | null;
  readonly text: string | null;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  /** Every web address in it, in order. */
  readonly links: readonly string[];
}

const mostMails = 500;

/** The newest mails: in memory, and as `.eml` files where a folder is given, so that they survive a restart. */
export class MailStore {
  private readonly mails: { readonly mail: CaughtMail; readonly source: Buffer }[] = [];
  private readonly watchers = new Set<() => void>();
  private lastMs = 0;

  private constructor(private readonly folder: string | null) {}

  static async open(folder: string | null): Promise<MailStore> {
    const store = new MailStore(folder);
    if (folder === null) return store;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const files = (await readdir(folder)).filter((file) => file.endsWith('.eml')).sort();
    for (const file of files.slice(-mostMails)) {
      const source = await readFile(path.join(folder, file));
      store.mails.push({ source, mail: await parse(path.basename(file, '.eml'), source) });
    }
    return store;
  }

  /** Newest first. */
  list(): readonly CaughtMail[] {
    return this.mails.map(({ mail }) => mail).reverse();
  }

  find(id: string): { readonly mail: CaughtMail; readonly source: Buffer } | null {
    return this.mails.find(({ mail }) => mail.id === id) ?? null;
  }

  /** Durable when it resolves, where there is a folder. */
  async add(source: Buffer): Promise<void> {
    const id = this.nextId();
    const mail = await parse(id, source);
    if (this.folder !== null) {
      const file = path.join(this.folder, `${id}.eml`);
      await writeFile(`${file}.part`, source, { mode: 0o600 });
      await rename(`${file}.part`, file);
    }
    this.mails.push({ mail, source });
    for (const { mail: old } of this.mails.splice(0, Math.max(0, this.mails.length - mostMails))) await this.removeFile(old.id);
    this.changed();
  }

  async clear(): Promise<void> {
    for (const { mail } of this.mails.splice(0)) await this.removeFile(mail.id);
    this.changed();
  }

  /** @returns a function that stops watching */
  watch(onChange: () => void): () => void {
    this.watchers.add(onChange);
    return () => void this.watchers.delete(onChange);
  }

  private changed(): void {
    for (const watcher of this.watchers) watcher();
  }

  private async removeFile(id: string): Promise<void> {
    if (this.folder !== null) await rm(path.join(this.folder, `${id}.eml`), { force: true });
  }

  /** The time of arrival in milliseconds, made unique: ids sort as mails came. */
  private nextId(): string {
    this.lastMs = Math.max(Date.now(), this.lastMs + 1);
    return String(this.lastMs).padStart(15, '0');
  }
}

async function parse(id: string, source: Buffer): Promise<CaughtMail> {
  const parsed = await simpleParser(source, { skipHtmlToText: true, skipTextToHtml: true, skipImageLinks: true });
  const [html, text] = [parsed.html || null, parsed.text ?? null];
  return {
    id,
    receivedAt: new Date(Number(id)).toISOString(),
    from: parsed.from?.text ?? '',
    to: addressesOf(parsed.to),
    subject: parsed.subject ?? '(no subject)',
    html,
    text,
    headers: parsed.headerLines.map(({ line }) => ({ name: line.slice(0, line.indexOf(':')), value: line.slice(line.indexOf(':') + 1).trim() })),
    links: [...new Set((text ?? html ?? '').match(/https?:\/\/[^\s"'<>]+/g) ?? [])],
  };
}

function addressesOf(to: ParsedMail['to']): string {
  if (to === undefined) return '';
  return Array.isArray(to) ? to.map((group) => group.text).join(', ') : to.text;
}
