import { stdSerializers } from 'pino';

const censor = '[secret]';
const deepest = 6;
const mostEntries = 100;

/** By their whole name, and by how it ends; upper case, dashes and underscores do not count. */
const secretName = /^(?:key|code|confirmationcode|credentials?)$|(?:password|passphrase|secret|token|authorization|cookie|privatekey|recoverykey)s?$/;

/**
 * Secrets that stand in text: in a message, an error, a stack, a dialogue with a server (S43). Each keeps what it captures and loses
 * the rest. They run over a finished line of JSON, so none may take a quote or a backslash.
 */
const secretTexts: readonly RegExp[] = [
  /(\bauthorization\b[\\"']*\s*[:=]\s*[\\"']*(?:\w+\s+)?)[^\s"'\\,]+/gi,
  /(\b(?:basic|bearer)\s+)(?=[\w+/.~-]*[\d=])[\w+/.~-]{8,}=*/gi,
  /(\b(?:set-)?cookie\b[\\"']*\s*[:=]\s*[\\"']*)[^"'\\]+/gi,
  // A mechanism and what follows it, not the list of mechanisms that a server announces.
  /(\bAUTH (?:PLAIN|LOGIN|XOAUTH2|OAUTHBEARER) )(?=[a-z]*[A-Z\d+/=])(?!PLAIN|LOGIN|XOAUTH2|OAUTHBEARER|CRAM|DIGEST|SCRAM)[A-Za-z\d+/]+=*/g,
  /([?#&](?:key|code|token|confirmation-?code)=)[^&\s"'\\]+/gi,
  // Not what a fault in deployment.toml says of the key of that name.
  /((?:password|passphrase|secret|recovery_?key|private_?key)[\\"']*\s*[:=]\s*[\\"']*)(?!expected |there is no |the environment variable )[^\s"'\\,&;}]+/gi,
  /(\b[a-z][a-z\d+.-]*:\/\/[^\s:/@"'\\]+:)[^\s@/"'\\]+(?=@)/gi,
  /(\b)eyJ[\w-]{10,}(?:\.[\w-]*){2,}/g, // compact JWS and JWE
];

/** @param line a finished log line */
export function withoutSecretTexts(line: string): string {
  return secretTexts.reduce((text, secret) => text.replace(secret, `$1${censor}`), line);
}

/** @returns a copy of what is to be logged in which every field with a secret's name is censored, however deep it stands, in errors too */
export function withoutSecretFields(fields: Record<string, unknown>): Record<string, unknown> {
  return copyOf(fields, [], false);
}

function copyOf(fields: object, above: readonly object[], isError: boolean): Record<string, unknown> {
  const path = [...above, fields];
  const copy: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields).slice(0, mostEntries)) copy[name] = isSecret(name, isError) ? censor : valueOf(value, path);
  return copy;
}

function valueOf(value: unknown, path: readonly object[]): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (path.includes(value)) return '[circular]';
  if (path.length >= deepest) return '[deeper]';
  if (value instanceof Uint8Array) return `[${value.length} bytes]`;
  if (Array.isArray(value)) return value.slice(0, mostEntries).map((element) => valueOf(element, [...path, value]));
  // Also one of another realm.
  if (Object.prototype.toString.call(value) === '[object Error]') return copyOf(stdSerializers.err(value as Error), [...path, value], true);
  if (knowsItsJson(value)) return valueOf(value.toJSON(), [...path, value]);
  return copyOf(value, path, false);
}

function knowsItsJson(value: object): value is { toJSON(): unknown } {
  return 'toJSON' in value && typeof value.toJSON === 'function';
}

/** An error's `code` says what went wrong: `ECONNREFUSED`, `40001`. Elsewhere it may be what a person was mailed. */
function isSecret(name: string, isError: boolean): boolean {
  const plain = name.replace(/[^a-z]/gi, '').toLowerCase();
  return secretName.test(plain) && !(isError && plain === 'code');
}
