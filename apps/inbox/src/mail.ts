import { simpleParser, type AddressObject, type EmailAddress } from 'mailparser';
import { linksOf } from './links.ts';

/** Who sent a mail and who gets it, as said in the SMTP dialogue. */
export interface Envelope {
  /** Empty for the null sender of bounces. */
  readonly from: string;
  readonly to: readonly string[];
}

/** A mail as it came, and what was said when it came. */
export interface CaughtMail {
  /** The time of arrival in milliseconds, made unique: ids sort as the mails came. */
  readonly id: string;
  readonly envelope: Envelope;
  /** The bytes between the 354 and the closing dot. */
  readonly raw: Buffer;
}

/** One line of the list. */
export interface MailSummary {
  readonly id: string;
  /** Bare addresses; of the envelope where the header has none. */
  readonly from: string;
  readonly fromName: string;
  readonly to: readonly string[];
  readonly subject: string;
  /** ISO 8601, of the `Date` header; null where there is none. */
  readonly date: string | null;
  readonly receivedAt: string;
  readonly sizeBytes: number;
}

export interface Mail extends MailSummary {
  /** null where the mail has no such part. */
  readonly html: string | null;
  readonly text: string | null;
  /** In the order of the mail, unfolded and otherwise as they came. */
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  /** Every different address that the mail links to, HTML part first. */
  readonly links: readonly string[];
  readonly attachments: readonly { readonly fileName: string | null; readonly contentType: string; readonly sizeBytes: number }[];
}

/** Reads the header alone: cheap enough for a whole inbox. */
export async function summaryOf(mail: CaughtMail): Promise<MailSummary> {
  const { head } = split(mail.raw);
  const parsed = await simpleParser(head, { skipHtmlToText: true, skipTextToHtml: true });
  const [sender] = addressesOf(parsed.from);
  const recipients = addressesOf(parsed.to).map(({ address }) => address);
  return {
    id: mail.id,
    from: sender?.address ?? mail.envelope.from,
    fromName: sender?.name ?? '',
    to: recipients.length > 0 ? recipients : mail.envelope.to,
    subject: parsed.subject ?? '',
    // mailparser makes up the current time where it cannot read the header.
    date: parsed.headers.has('date') && parsed.date ? parsed.date.toISOString() : null,
    receivedAt: new Date(Number(mail.id)).toISOString(),
    sizeBytes: mail.raw.length,
  };
}

export async function readMail(mail: CaughtMail): Promise<Mail> {
  const [summary, parsed] = await Promise.all([summaryOf(mail), simpleParser(mail.raw, { skipHtmlToText: true, skipTextToHtml: true, checksumAlgo: false })]);
  const html = parsed.html === false || parsed.html === undefined ? null : parsed.html;
  const text = parsed.text ?? null;
  return {
    ...summary,
    html,
    text,
    headers: headersOf(mail.raw),
    links: linksOf({ html, text }),
    attachments: parsed.attachments.map((part) => ({ fileName: part.filename ?? null, contentType: part.contentType, sizeBytes: part.size })),
  };
}

function headersOf(raw: Buffer): Mail['headers'] {
  const lines = split(raw).head.toString('utf8').replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  return lines.flatMap((line) => {
    const colon = line.indexOf(':');
    return colon > 0 ? [{ name: line.slice(0, colon), value: line.slice(colon + 1).trim() }] : [];
  });
}

/** The header with the empty line that ends it (RFC 5322 section 2.1). */
function split(raw: Buffer): { readonly head: Buffer } {
  const end = raw.indexOf('\r\n\r\n');
  return { head: end === -1 ? raw : raw.subarray(0, end + 4) };
}

function addressesOf(header: AddressObject | AddressObject[] | undefined): { readonly address: string; readonly name: string }[] {
  const entries: EmailAddress[] = (Array.isArray(header) ? header : header ? [header] : []).flatMap(({ value }) => value);
  return entries.flatMap((entry) => entry.group ?? [entry]).flatMap(({ address, name }) => (address ? [{ address, name }] : []));
}
