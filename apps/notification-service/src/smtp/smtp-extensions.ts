/** What a relay offers, as it says to EHLO (RFC 5321 section 4.1.1.1). */
export class SmtpExtensions {
  /** By keyword, with what stands behind it. */
  private readonly parameters: ReadonlyMap<string, readonly string[]>;

  private constructor(lines: readonly string[]) {
    // Some write "AUTH=LOGIN".
    const words = lines.map((line) => line.toUpperCase().split(/[\s=]+/));
    this.parameters = new Map(words.map(([keyword = '', ...parameters]) => [keyword, parameters]));
  }

  static readonly none = new SmtpExtensions([]);

  /** @param answer to EHLO: its first line is a greeting */
  static of(answer: string): SmtpExtensions {
    return new SmtpExtensions(answer.split('\n').slice(1).map((line) => line.slice('250-'.length).trim()));
  }

  has(keyword: string): boolean {
    return this.parameters.has(keyword);
  }

  /** Ways to sign in. */
  get mechanisms(): readonly string[] {
    return this.parameters.get('AUTH') ?? [];
  }

  /** The largest mail that it takes (RFC 1870); Infinity where it does not say. */
  get maxBytes(): number {
    return Number(this.parameters.get('SIZE')?.[0]) || Infinity;
  }
}
