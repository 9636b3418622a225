/** Everybody's, where callers do not learn who is there. Nothing can be made up for nobody that is like the address of somebody whose name is unlike it. */
export const anybodysMask = '*****@*****';

/**
 * As WSO2 masks it: of the local part and of the domain up to its last label one letter stays each, `kim@example.com` is `k**@e*****e.com`.
 * The letter before the last dot stays too, since WSO2's pattern (`ChannelMasking.EMAIL_MASKING_REGEX`) leaves it.
 */
export function maskedAddress(address: string): string {
  const at = address.indexOf('@');
  const [local, domain] = [address.slice(0, at), address.slice(at + 1)];
  const lastDot = domain.lastIndexOf('.');
  return `${starred(local, 1, local.length)}@${starred(domain, 1, lastDot - 1)}`;
}

/** Stars from one place to before another. */
function starred(text: string, from: number, to: number): string {
  return to > from ? text.slice(0, from) + '*'.repeat(to - from) + text.slice(to) : text;
}
