/** An answer of the relay, complete. */
export interface RelayReply {
  /** null where it begins with none. */
  readonly code: number | null;
  /** All its lines, with line feeds between them. */
  readonly text: string;
}

/** Far beyond any answer: it stops a relay that never comes to the end of one. */
const maxReplyBytes = 1024 * 1024;

/** Puts answers together from the bytes as they come, however they are cut (RFC 5321 section 4.2). */
export class ReplyReader {
  private lines: string[] = [];
  private unfinished = '';
  private bytes = 0;

  /** Whether nothing has come behind the last whole answer. */
  get isEmpty(): boolean {
    return this.bytes === 0;
  }

  /**
   * @returns the answers that these bytes complete
   * @throws RangeError where one is endless
   */
  take(chunk: Buffer): readonly RelayReply[] {
    const [first = '', ...others] = chunk.toString('latin1').split('\n');
    this.bytes += chunk.length;
    this.unfinished += first;
    const replies: RelayReply[] = [];
    for (const next of others) {
      const reply = this.endLine();
      if (reply) replies.push(reply);
      this.unfinished = next;
      if (reply) this.bytes = next.length;
    }
    if (this.bytes > maxReplyBytes) throw new RangeError('the relay does not come to the end of its answer');
    return replies;
  }

  /** The connection has ended. @returns a refusal whose line had not: 421 is often the last that is heard */
  end(): RelayReply | null {
    return /^[45]\d\d /.test(this.unfinished) ? this.endLine() : null;
  }

  private endLine(): RelayReply | null {
    const line = this.unfinished.endsWith('\r') ? this.unfinished.slice(0, -1) : this.unfinished;
    this.unfinished = '';
    if (this.lines.length === 0 && line.trim() === '') return null;
    this.lines.push(line);
    if (/^\d+-/.test(line)) return null;
    const text = decoded(this.lines.join('\n'));
    this.lines = [];
    return { code: /^\d{3}(?!\d)/.test(text) ? Number(text.slice(0, 3)) : null, text };
  }
}

/** UTF-8 where it is that; else each byte by itself. */
function decoded(latin1: string): string {
  if (!/[^\x00-\x7f]/.test(latin1)) return latin1;
  const utf8 = Buffer.from(latin1, 'latin1').toString('utf8');
  return utf8.includes('\uFFFD') ? latin1 : utf8;
}
