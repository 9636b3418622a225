/** @param purpose completes "the inbox cannot …" */
export function listenFault(error: unknown, port: number, purpose: string): Error {
  // Not by `instanceof Error`: Jest has an Error of its own.
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : String(error);
  const reason = code === 'EADDRINUSE' ? 'is in use by another program' : `cannot be listened on (${code})`;
  return new Error(`port ${port} ${reason}: the inbox cannot ${purpose} there`, { cause: error });
}
