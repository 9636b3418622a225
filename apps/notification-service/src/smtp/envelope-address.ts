import { domainToASCII } from 'node:url';

/** A domain beyond ASCII has a form that every relay takes (RFC 5891); what stands before the @ has none. */
export function inAsciiDomain(address: string): string {
  const at = address.lastIndexOf('@');
  const domain = address.slice(at + 1);
  return isAscii(domain) ? address : `${address.slice(0, at + 1)}${domainToASCII(domain) || domain}`;
}

/** Where mails to an address go: as the inbox has it, but for one beyond ASCII, of which this is the form that relays take. */
export function domainOf(address: string): string {
  return inAsciiDomain(address.slice(address.lastIndexOf('@'))).slice(1).toLowerCase();
}

export function isAscii(text: string): boolean {
  return /^[\x00-\x7f]*$/.test(text);
}
