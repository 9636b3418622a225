/** Whether a password has a character of a class. @param characters one class of a regular expression, as the server gives it */
export function hasOneOf(characters: string, password: string): boolean {
  return new RegExp(characters, 'u').test(password);
}

/** `[!@#$]` is told as `! @ # $`; what is no plain list is not. */
export function listOf(characters: string): string {
  const [, list] = /^\[([^\\\w\s^-]+)\]$/.exec(characters) ?? [];
  return list === undefined ? '' : [...list].join(' ');
}

/** As the server compares, with the whole name and what stands before its `@`: a short one counts only as the whole password. */
export function containsName(password: string, username: string): boolean {
  const lower = (text: string) => text.normalize('NFC').toLowerCase();
  const text = lower(password);
  return [username, username.split('@')[0] ?? username].map(lower).some((name) => name !== '' && (text === name || ([...name].length >= 4 && text.includes(name))));
}
