import { domainToASCII } from 'node:url';

/** A domain beyond ASCII has a form that every relay takes (RFC 5891); what stands before the @ has none. */
export function inAsciiDomain(address: string): string {
  const at = address.lastIndexOf('@');
  const domain = address.slice(at + 1);
  return isAscii(domain) ? address : `${address.slice(0, at + 1)}${domainToASCII(domain) || domain}`;
}

export function isAscii(text: string): boolean {
  return /^[\x00-\x7f]*$/.test(text);
}
