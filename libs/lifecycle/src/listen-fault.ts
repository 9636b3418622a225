/**
 * Why a server does not listen, in one line for a person.
 * @param error the system's own
 * @param consequence what cannot be done for it, such as `the inbox cannot catch mails there`
 */
export function listenFault(error: unknown, port: number, consequence?: string): Error {
  // Not by `instanceof Error`: Jest has an Error of its own.
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : String(error);
  const reason = code === 'EADDRINUSE' ? 'is in use by another program' : `cannot be listened on (${code})`;
  return new Error(`port ${port} ${reason}${consequence === undefined ? '' : `: ${consequence}`}`, { cause: error });
}
