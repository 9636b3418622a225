const longestCause = 120;

/**
 * Why an attempt failed, so that mails which failed alike have the same: `rcpt 550 5.1.1`. Where no relay answered it is what went wrong
 * in words, without what differs from one mail to the next.
 */
export function causeOf(stage: string, reply: string): string {
  const [, code, , enhanced] = /^(\d{3})(?:[ -]((\d\.\d{1,3}\.\d{1,3})\b)?|$)/.exec(reply) ?? [];
  if (code !== undefined) return [stage, code, enhanced].filter((part) => part !== undefined).join(' ');
  const words = reply.replace(/"[^"]*"|<[^>]*>|\S+@\S+/g, '…').replace(/\d+/g, '#').replace(/\s+/g, ' ').trim();
  return `${stage}: ${words}`.slice(0, longestCause);
}
