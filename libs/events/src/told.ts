/** What a stranger wrote, as part of a reason that an operator reads: short, and on one line. */
export function told(text: string): string {
  const line = text.replace(/[\p{Cc}\u2028\u2029]/gu, '�');
  return line.length <= 120 ? line : `${line.slice(0, 119)}…`;
}
