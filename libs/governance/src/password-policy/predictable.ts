/** What stands side by side in the alphabet, among the digits, and on keyboards. */
const rows = ['abcdefghijklmnopqrstuvwxyz', '01234567890', 'qwertyuiop', 'qwertzuiop', 'azertyuiop', 'asdfghjkl', 'zxcvbnm', 'yxcvbnm'];
const neighbours = new Set(rows.flatMap((row) => [...row].slice(1).flatMap((character, index) => [`${row[index]}${character}`, `${character}${row[index]}`])));

/** In code points: what repeats something longer may be a phrase said twice. */
const longestUnit = 4;

/**
 * Whether a password repeats a few characters (`aaaaaaaa`, `abc1abc1abc1`), or runs along the alphabet, the digits or a keyboard
 * (`12345678`, `qwertyuiop`, `1234abcd`): at least two in three characters are then the one before, or its neighbour.
 * @param password in lower case
 */
export function isPredictable(password: string): boolean {
  const characters = [...password];
  const following = characters.filter((character, index) => index > 0 && (character === characters[index - 1] || neighbours.has(`${characters[index - 1]}${character}`)));
  return following.length * 3 >= characters.length * 2 || repeatsAUnit(characters);
}

function repeatsAUnit(characters: readonly string[]): boolean {
  for (let size = 1; size <= longestUnit && size * 2 <= characters.length; size++) {
    if (characters.every((character, index) => index < size || character === characters[index - size])) return true;
  }
  return false;
}
