const longestReply = 1_000;

/** Of a key of 43 characters a shorter part helps nobody. */
const leastPart = 4;

/**
 * What the relay said, fit to be shown and kept: relays quote what they dislike, and that may be a password or a recovery link (S16, S43).
 * @param secrets what must not stand in it, in every form in which it was sent
 * @param mailSecret of the mail that it is about
 */
export function presentable(reply: string, secrets: readonly string[], mailSecret: SecretParts | null): string {
  return withoutSecrets(reply, secrets, mailSecret).slice(0, longestReply);
}

/** As EHLO lists them, which is no secret. */
const mechanism = String.raw`(?:PLAIN|LOGIN|CRAM-MD5|DIGEST-MD5|XOAUTH2?|OAUTHBEARER|SCRAM-SHA-\d+(?:-PLUS)?|NTLM|GSSAPI|EXTERNAL)(?!\S)`;
const behindAuth = new RegExp(String.raw`(\bAUTH\s+[\w-]+(?:\s+${mechanism})*\s+)(?!${mechanism})\S+`, 'gi');

/** @returns the text with the secrets, any part of the mail's, what follows an AUTH, and the keys of links left out */
export function withoutSecrets(text: string, secrets: readonly string[], mailSecret: SecretParts | null): string {
  const known = secrets.reduce((left, secret) => left.replaceAll(secret, '…'), text);
  return (mailSecret === null ? known : withoutParts(known, mailSecret))
    .replace(behindAuth, '$1…')
    .replace(/((?:#|%23)key(?:=3D|%3D|=))[^\s"'<>]*/gi, '$1…');
}

/** What of a mail's secret must not be shown; made once for all that is said of it. */
export interface SecretParts {
  /** Of each part. */
  readonly length: number;
  /** Each as one number: every place of a line is looked at, and a string of each would cost more than all else that is said. */
  readonly parts: ReadonlySet<number>;
}

export function partsOf(secret: string): SecretParts {
  const length = Math.min(leastPart, secret.length);
  const parts = new Set<number>();
  forEachPart(secret, length, (part) => parts.add(part));
  return { length, parts };
}

/** A mail breaks its lines within a key, and whoever quotes it may do so anywhere. */
function withoutParts(text: string, { length, parts }: SecretParts): string {
  if (length === 0) return text;
  let [shown, shownUntil] = ['', 0];
  forEachPart(text, length, (part, at) => {
    if (!parts.has(part)) return;
    if (at >= shownUntil) shown += `${text.slice(shownUntil, at)}…`;
    shownUntil = at + length;
  });
  return shown + text.slice(shownUntil);
}

const bitsOfSymbol = 7;

/** @param tell each part of the text, and where it begins. What is no ASCII may pass for something else: then more is left out, never less */
function forEachPart(text: string, length: number, tell: (part: number, at: number) => void): void {
  const mask = 2 ** (bitsOfSymbol * length) - 1;
  let part = 0;
  for (let end = 0; end < text.length; end++) {
    part = ((part << bitsOfSymbol) | (text.charCodeAt(end) & 0x7f)) & mask;
    if (end + 1 >= length) tell(part, end + 1 - length);
  }
}

/** A password in the clear, and as AUTH PLAIN (RFC 4616) and AUTH LOGIN send it. */
export function formsOf({ username, password }: { readonly username: string; readonly password: string }): readonly string[] {
  return [base64(`\0${username}\0${password}`), base64(password), password].filter((form) => form !== '');
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
