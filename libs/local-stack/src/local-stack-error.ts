/** Something the person who started Rekey can put right. The message is one line and names the port, folder or process. */
export class LocalStackError extends Error {
  override readonly name = 'LocalStackError';
}

/** The first line of what went wrong, for use inside a one-line message. */
export function reasonOf(error: unknown): string {
  const text = isObject(error) && 'message' in error ? String(error.message) : String(error);
  return text.split('\n', 1)[0] ?? '';
}

/** The `code` Node puts on system errors (`EACCES`, `EADDRINUSE`, …). Not by `instanceof Error`: Jest has an Error of its own. */
export function systemCode(error: unknown): string | undefined {
  return isObject(error) && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
