/** Enhanced codes (RFC 3463, IANA's registry, and Exchange's own) that are about who sends: credentials, the way they are shown, and the right to relay or to send as somebody. 5.7.1 is none: it says "policy", whosever. */
const codesOfSender = /^5\.7\.(?:8|9|10|11|14|54|57|60|64)(?![\d.])/;

/** What relays say first where they will not relay for us: Postfix, Sendmail, Exim, Exchange, qmail, Google. */
const wordsOfSender = new RegExp(
  `^(?:${[
    String.raw`(?:smtp )?relay(?:ing)?(?: access)? (?:is )?(?:denied|prohibited|not (?:allowed|permitted))`,
    'unable to relay',
    'we do not relay',
    "sorry, that domain isn't in my list of allowed rcpthosts",
    '(?:smtp )?auth(?:entication)?(?: is)? (?:needed|required)',
    'client (?:host rejected|was not authenticated|does not have permissions)',
    'sender address rejected',
    'service unavailable; client host',
    'invalid credentials for relay',
    String.raw`(?:\[[\d.:a-f]+\] )?the ip you're using to send mail is not authorized`,
  ].join('|')})`,
  'i',
);

/** A program's own heading of what it says. */
const heading = /^(?:SMTP|TenantAttribution);\s*/i;

/**
 * Whether a 5xx to RCPT refuses us, whoever it is for, so that every mail would be refused alike. Only what the relay says itself counts, at
 * the beginning: behind it may stand what another server said, which is anybody's, and may be written to make us stop mailing.
 * @param reply of one or more lines
 * @param to the recipient, as RCPT named it
 */
export function refusesSender(reply: string, to: string): boolean {
  const [, code = '', words = ''] = /^\d{3}[ -](?:(\d\.\d{1,3}\.\d{1,3})\s+)?([^\r\n]*)/.exec(reply) ?? [];
  const about = words.startsWith(`<${to}>`) ? words.slice(to.length + 2) : words.replace(/^<[^<>]*>/, '');
  const said = about.replace(/^(?::|\.\.\.)?\s*/, '').replace(heading, '');
  return wordsOfSender.test(said) || (codesOfSender.test(code) && !/^recipient address rejected|\bsaid:/i.test(said));
}
