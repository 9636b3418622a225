/** The way to a value: the names of tables and keys, and the numbers of an array's elements. */
export type KeyPath = readonly PropertyKey[];

/** A path as TOML writes it, on one line whatever stands in it; an element of an array as `publishers[1]`. */
export function dottedKey(path: KeyPath): string {
  return path.reduce<string>((written, part) => (typeof part === 'number' ? `${written}[${part}]` : `${written}${written === '' ? '' : '.'}${quoted(String(part))}`), '');
}

function quoted(key: string): string {
  return /^[A-Za-z0-9_-]{1,80}$/.test(key) ? key : shortened(JSON.stringify(key));
}

/** For a line that a person reads: what is longer is cut. */
export function shortened(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
}
