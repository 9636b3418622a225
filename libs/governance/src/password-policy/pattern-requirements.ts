/** A kind of character that a pattern asks for. */
export interface PatternRequirement {
  readonly kind: 'digit' | 'lowercase' | 'uppercase' | 'special';
  /** A class of a regular expression, `\d` or `[!@#]`: what of the kind counts. It stands for one character, so that matching it takes no time worth speaking of. */
  readonly characters: string;
}

export interface PatternRequirements {
  readonly requirements: readonly PatternRequirement[];
  /** In code points. */
  readonly minLength: number;
  readonly maxLength: number;
  /** Whether that is all that the pattern says. */
  readonly isAll: boolean;
}

const characterClass = String.raw`(?:\\[dDwW]|\[(?:[^\]\\]|\\.)+\])`;
const lookahead = new RegExp(String.raw`^\(\?=\.\*\??(${characterClass})\)`, 'u');
/** Whatever follows the lookaheads, where it says nothing but how long. */
const anything = /^\.(?:\*|(\+)|\{(\d{1,4})(?:(,)(\d{0,4}))?\})$/;
const [lower, upper, digits, others] = ['abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', '0123456789', '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'];

/**
 * What a password pattern asks for, as far as it can be said in words: one that begins with lookaheads, such as WSO2's own,
 * `^((?=.*\d)(?=.*[a-z])(?=.*[A-Z])(?=.*[!@#$%&*])).{0,100}$`. Of any other it says nothing: people are told its own message then.
 */
export function requirementsOf(pattern: string): PatternRequirements {
  const requirements: PatternRequirement[] = [];
  const bare = pattern.replace(/^\^/, '').replace(/\$$/, '');
  const isGrouped = bare.startsWith('((?=');
  let rest = isGrouped ? bare.slice(1) : bare;
  // What stands beside an alternative need not be so.
  const soFar = () => ({ requirements: rest.includes('|') ? [] : requirements, minLength: 0, maxLength: Infinity, isAll: false });
  for (let found = lookahead.exec(rest); found; found = lookahead.exec(rest)) {
    const [all, characters = ''] = found;
    const kind = kindOf(characters);
    if (kind === null) return soFar();
    requirements.push({ kind, characters });
    rest = rest.slice(all.length);
  }
  if (isGrouped && !rest.startsWith(')')) return soFar();
  const length = anything.exec(isGrouped ? rest.slice(1) : rest);
  if (!length) return soFar();
  const [, some, least, comma, most] = length;
  return { requirements, minLength: some ? 1 : Number(least ?? 0), maxLength: least === undefined || (comma && !most) ? Infinity : Number(most || least), isAll: true };
}

/** @returns null for a class that mixes kinds */
function kindOf(characters: string): PatternRequirement['kind'] | null {
  const expression = classOf(characters);
  if (!expression) return null;
  const has = (kind: string) => [...kind].some((character) => expression.test(character));
  const kinds = ([['digit', digits], ['lowercase', lower], ['uppercase', upper], ['special', others]] as const).filter(([, all]) => has(all));
  return kinds.length === 1 ? (kinds[0]?.[0] ?? null) : null;
}

function classOf(characters: string): RegExp | null {
  try {
    return new RegExp(`^${characters}$`, 'u');
  } catch {
    return null;
  }
}
