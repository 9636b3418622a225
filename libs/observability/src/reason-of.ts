/** What was thrown, in words: an error's message; of several at once, as where a host has several addresses and none answers, each one's. */
export function reasonOf(thrown: unknown): string {
  if (thrown instanceof AggregateError) return thrown.errors.map(reasonOf).join('; ');
  return thrown instanceof Error ? thrown.message : String(thrown);
}
