import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { reasonOf } from '@rekey/observability';
import type { CaughtMail, Envelope } from './mail.ts';

const fileName = /^(\d{13,15})\.eml$/;
/** What a server adds on final delivery (RFC 5321 section 4.4), so that the envelope outlives the process. Taken off again on reading. */
const traceLines = /^Return-Path: <([^\r\n]*)>\r\nX-Envelope-To: ([^\r\n]*)\r\n/;
const longestTraceBytes = 256 * 1024;

/** Mails as `.eml` files, one per mail, readable by their owner alone: they hold recovery links. */
export class MailFolder {
  private constructor(private readonly folder: string) {}

  /** @throws Error naming the folder where it cannot be made */
  static async open(folder: string): Promise<MailFolder> {
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw new Error(`the inbox cannot keep mails in ${folder} (${reasonOf(error)})`, { cause: error });
    }
    return new MailFolder(folder);
  }

  /** Oldest first. */
  async ids(): Promise<string[]> {
    const ids = (await readdir(this.folder)).flatMap((name) => fileName.exec(name)?.[1] ?? []);
    return ids.sort((a, b) => Number(a) - Number(b));
  }

  async read(id: string): Promise<CaughtMail> {
    const content = await readFile(this.file(id));
    const trace = traceLines.exec(content.toString('utf8', 0, longestTraceBytes));
    if (!trace) return { id, envelope: { from: '', to: [] }, raw: content };
    const [lines, from = '', to = ''] = trace;
    return { id, envelope: { from, to: to === '' ? [] : to.split(', ') }, raw: content.subarray(Buffer.byteLength(lines)) };
  }

  /** Whole or not at all: a file that was cut off by a crash has another name. */
  async write({ id, envelope, raw }: CaughtMail): Promise<void> {
    const unfinished = `${this.file(id)}.unfinished`;
    await writeFile(unfinished, [traceOf(envelope), raw], { mode: 0o600 });
    await rename(unfinished, this.file(id));
  }

  async remove(id: string): Promise<void> {
    await rm(this.file(id), { force: true });
  }

  private file(id: string): string {
    return path.join(this.folder, `${id}.eml`);
  }
}

function traceOf({ from, to }: Envelope): string {
  return `Return-Path: <${from}>\r\nX-Envelope-To: ${to.join(', ')}\r\n`;
}
