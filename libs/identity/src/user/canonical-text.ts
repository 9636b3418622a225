/**
 * The one form in which names and claims are compared: NFC, then lower case as Unicode's simple mapping has it. No compatibility folding:
 * `ﬀ` is not `ff`, full-width letters are not ASCII, and since `ı` keeps its own lower case, `mıke` is not `mike` (CVE-2019-19844).
 * @returns null for what has none: blank at an end, invisible or unassigned characters, longer than `maxLength`
 */
export function canonicalText(text: string, maxLength: number): string | null {
  if (text.length > maxLength || text === '' || text !== text.trim() || forbidden.test(text)) return null;
  // Composed once more: `J` with a caron is two characters, but its lower case has one of its own.
  return [...text.normalize('NFC')].map(lowerCase).join('').normalize('NFC');
}

/** Control, format (zero-width, direction), separator and unassigned characters, lone surrogates, and what else is drawn as nothing: fillers, variation selectors, the blank Braille pattern. */
const forbidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cn}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** One character to one, and only where the way back leads here: `İ` would become two, `ẞ` would meet `ß`, which has no capital in the simple mapping. */
function lowerCase(character: string): string {
  const lower = character.toLowerCase();
  return lower.length === character.length && lower.toUpperCase() === character ? lower : character;
}
