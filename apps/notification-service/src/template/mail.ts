/** A mail as it goes to the relay. */
export interface Mail {
  /** With its angle brackets. */
  readonly messageId: string;
  readonly envelope: { readonly from: string; readonly to: string };
  /** The whole RFC 5322 message, with CRLF, in ASCII. */
  readonly raw: Buffer;
}
