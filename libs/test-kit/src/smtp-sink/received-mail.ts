export interface Envelope {
  /** Empty for the null sender of bounces. */
  readonly from: string;
  readonly to: readonly string[];
}

export interface ReceivedMail {
  readonly envelope: Envelope;
  /** The `Message-ID` header with its angle brackets; `null` if there is none. */
  readonly messageId: string | null;
  /** The bytes as composed: dot-stuffing undone, with the last CRLF. Empty where the sink was told not to keep them. */
  readonly raw: Buffer;
  readonly sizeBytes: number;
  readonly receivedAt: Date;
}

const crlf = Buffer.from('\r\n');
const headerEnd = Buffer.from('\r\n\r\n');
const stuffedDot = Buffer.from('\r\n..');

/** @param stuffed the bytes between the 354 and the closing dot, as they came (RFC 5321 section 4.5.2) */
export function receivedMail(envelope: Envelope, stuffed: Buffer, keepRaw: boolean): ReceivedMail {
  const raw = unstuff(stuffed);
  const end = raw.indexOf(headerEnd);
  const header = raw.toString('latin1', 0, end === -1 ? raw.length : end);
  const messageId = /^message-id:\s*(<[^>]*>)/im.exec(header)?.[1] ?? null;
  return { envelope, messageId, raw: keepRaw ? raw : Buffer.alloc(0), sizeBytes: raw.length, receivedAt: new Date() };
}

/** Copies: the bytes that came are part of a larger buffer. */
function unstuff(stuffed: Buffer): Buffer {
  const startsStuffed = stuffed[0] === 0x2e && stuffed[1] === 0x2e;
  if (!startsStuffed && !stuffed.includes(stuffedDot)) return Buffer.from(stuffed);
  const lines: Buffer[] = [];
  for (let start = 0; start < stuffed.length; ) {
    const found = stuffed.indexOf(crlf, start);
    const end = found === -1 ? stuffed.length : found + crlf.length;
    const isStuffed = stuffed[start] === 0x2e && stuffed[start + 1] === 0x2e;
    lines.push(stuffed.subarray(isStuffed ? start + 1 : start, end));
    start = end;
  }
  return Buffer.concat(lines);
}
