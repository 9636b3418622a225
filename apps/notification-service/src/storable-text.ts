/** Makes what a stranger wrote fit for a `text` or `jsonb` column: PostgreSQL's text takes no NUL, its jsonb no lone surrogate either. */
export function storableText(text: string, maxCharacters: number): string {
  return text.slice(0, maxCharacters).replace(/\0|\p{Surrogate}/gu, '\uFFFD');
}
