const longestReply = 1_000;

/**
 * What the relay said, fit to be shown and kept: relays quote what they dislike, and that may be a password or a recovery link (S16, S43).
 * @param secrets what must not stand in it, in every form in which it was sent
 */
export function presentable(reply: string, secrets: readonly string[]): string {
  return withoutSecrets(reply, secrets).slice(0, longestReply);
}

/** @returns the text with the secrets, what follows an AUTH, and the keys of links left out */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .reduce((left, secret) => left.replaceAll(secret, '…'), text)
    .replace(/(\bAUTH\s+[\w-]+\s+)\S+/gi, '$1…')
    .replace(/((?:#|%23)key(?:=3D|%3D|=))[^\s"'<>]*/gi, '$1…');
}

/** A password in the clear, and as AUTH PLAIN (RFC 4616) and AUTH LOGIN send it. */
export function formsOf({ username, password }: { readonly username: string; readonly password: string }): readonly string[] {
  return [base64(`\0${username}\0${password}`), base64(password), password].filter((form) => form !== '');
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
