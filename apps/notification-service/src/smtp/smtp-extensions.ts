/** What a relay offers, as it says to EHLO (RFC 5321 section 4.1.1.1). */
export class SmtpExtensions {
  /** The largest mail that it takes (RFC 1870); Infinity where it does not say. */
  readonly maxBytes: number;
  /** Each a keyword, and what stands behind it. */
  private readonly words: readonly (readonly string[])[];

  private constructor(lines: readonly string[]) {
    // Some write "AUTH=LOGIN", and "AUTH LOGIN PLAIN" beside it.
    this.words = lines.map((line) => line.toUpperCase().split(/[\s=]+/));
    this.maxBytes = Number(this.parametersOf('SIZE')[0]) || Infinity;
  }

  static readonly none = new SmtpExtensions([]);

  /** @param answer to EHLO: its first line is a greeting */
  static of(answer: string): SmtpExtensions {
    return new SmtpExtensions(answer.split('\n').slice(1).map((line) => line.slice('250-'.length).trim()));
  }

  has(keyword: string): boolean {
    return this.words.some(([offered]) => offered === keyword);
  }

  /** Ways to sign in. */
  get mechanisms(): readonly string[] {
    return this.parametersOf('AUTH');
  }

  private parametersOf(keyword: string): readonly string[] {
    return this.words.flatMap(([offered, ...parameters]) => (offered === keyword ? parameters : []));
  }
}
