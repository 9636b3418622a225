/** The tenant that is always there; its administrators administer every other. */
export const superTenant = 'carbon.super';

const longestDomain = 253;
/** RFC 1123 section 2.1: letters, digits and hyphens, none of these at an end. */
const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
/** RFC 5890 section 2.3.1: `xn--…` among them, by which one alphabet's letters pass for another's. */
const reservedLabel = /^..--/;
/** WSO2's own. */
const reservedEnding = '.super';

/**
 * The one form in which domains are compared. ASCII's capitals alone become small: `K` (U+212A) would become a `k`.
 * @returns null for what can be no domain
 */
export function canonicalTenantDomain(text: string): string | null {
  const domain = text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return domain.length <= longestDomain && domain.split('.').every((part) => label.test(part)) ? domain : null;
}

/**
 * Whether a new tenant may be named so.
 * @returns `malformed` for what is no domain in small letters, of two labels at least, the last of which is no number; `reserved` for one that nobody may have
 */
export function judgeNewDomain(text: string): 'free' | 'malformed' | 'reserved' {
  const labels = text.split('.');
  if (canonicalTenantDomain(text) !== text || labels.length < 2 || /^\d+$/.test(labels.at(-1) ?? '')) return 'malformed';
  return text.endsWith(reservedEnding) || labels.some((part) => reservedLabel.test(part)) ? 'reserved' : 'free';
}
