/** How the usual relays name, in the 250 that ends DATA, what they have taken: Postfix, Exim, Exchange, sendmail, Gmail. */
const forms = [/\bqueued as ([\w.-]+)/i, /\bid=([\w.-]+)/i, /\[InternalId=(\d+)/i, /^250 2\.0\.0 ([\w.-]{6,}) Message accepted/i, /^250 2\.0\.0 OK {1,2}\d+ ([\w.-]+) - gsmtp/i];

/** @returns the relay's own number of the mail, by which its log is searched; null where its answer names none */
export function queueIdOf(reply: string): string | null {
  for (const form of forms) {
    const id = form.exec(reply)?.[1];
    if (id !== undefined) return id;
  }
  return null;
}
