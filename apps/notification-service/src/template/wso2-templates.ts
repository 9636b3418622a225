/** What WSO2's templates call otherwise than we do, as published in its `email-admin-config.xml`. */
const ownNames: ReadonlyMap<string, string> = new Map([
  ['OTPCode', 'confirmation-code'],
  ['expiry-time', 'link-validity'],
  ['product-url-with-user-tenant', 'carbon.product-url-with-user-tenant'],
  ['selfsignup-confirm-time', 'requested-at'],
  ['username', 'user-name'],
]);

/** What they name and no mail here has, with what to write instead. */
const advice: ReadonlyMap<string, string> = new Map([
  ['temporary-password', 'no password is mailed here: write {{reset-link}}, with which the person sets one'],
  ['otp-password', 'no password is mailed here: write {{confirmation-code}}, the code with which the person sets one'],
  ['token', 'nobody signs in by mail here: the code of a mail is {{confirmation-code}}'],
  ['magicToken', 'nobody signs in by mail here: the link of a mail is {{reset-link}}'],
  ['application-name', 'there are no applications here: write {{organization-name}}, or the name itself'],
  ['login-time', 'write {{requested-at}}, when what the mail tells of was done'],
  ['new-email-address', 'a mail to the old address does not tell the new one: leave it out'],
  ['verification-pending-email', 'a mail to the old address does not tell the new one: leave it out'],
  ['first-name', 'write {{user.claim.givenname}}'],
  ['givenname', 'write {{user.claim.givenname}}'],
]);

/** The pages to which WSO2's templates lead, around the key: which one it is says nothing here, where each mail's link knows its page. */
const oldLink = /(?:\{\{carbon\.product-url(?:-with-user-tenant)?\}\}(?:\/t\/\{\{tenant-domain\}\})?\/accountrecoveryendpoint|\{\{account\.recovery\.endpoint-url\}\})\/confirm[a-z]{1,40}\.do\?(?:[^\s"'<>]{0,300}?&(?:amp;)?)?confirmation=\{\{confirmation-code\}\}[^\s"'<>]*/g;

/** @returns the name itself where it is none of WSO2's */
export function ownNameOf(name: string): string {
  return ownNames.get(name) ?? name;
}

/** @param name that nobody fills @returns null where it is none of WSO2's either */
export function adviceOn(name: string): string | null {
  const claim = /^user\.claims\.(.+)$/i.exec(name)?.[1];
  return claim === undefined ? (advice.get(name) ?? null) : `write {{user.claim.${claim}}}`;
}

/** With the mail's link in the place of WSO2's: it has the key in its fragment, where no server sees it. */
export function withOwnLinks(source: string): string {
  return source.replace(oldLink, '{{reset-link}}');
}

/** WSO2's is a number, with "minutes" written behind it; ours is in words, which say that. */
export function withoutUnitOfLock(source: string): string {
  return source.replace(/(\{\{\s*lock-duration\s*\}\})(?:\s|&nbsp;)+(?:minut\p{L}*|دقيقة|دقائق)/giu, '$1');
}
