/** A mail as it goes to the relay. */
export interface Mail {
  /** With its angle brackets. */
  readonly messageId: string;
  readonly envelope: { readonly from: string; readonly to: string };
  /** The whole RFC 5322 message, with CRLF, in ASCII. */
  readonly raw: Buffer;
  /** What opens something, a key or a code: nothing that a relay quotes is kept with a part of it. null, or absent: there is none. */
  readonly secret?: string | null;
}
