import { isPostgresError } from './postgres-error.ts';

const networkErrors: readonly string[] = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN'];

/**
 * PostgreSQL's classes 08 (connection; but not 08P01, a message that was wrong), 53 (no room), 57 (restart, a statement that took too long); a server that became read-only (25006), a
 * transaction in which too much time passed between two statements (25P03, 25P04), and a lock or a turn that was not to be had, not even when tried again (55P03, 40).
 */
const sqlStates = /^(?:08(?!P01)|53|57|40|25006|25P03|25P04|55P03)/;

/** What pg and its pool say in words alone. */
const sayings = /timeout exceeded when trying to connect|timeout expired|query read timeout|connection terminated|not queryable|after calling end on the pool/i;

/** The database is away, restarting, out of room or out of time: asked again in a moment, it may well do what now failed. */
export function isDatabaseAway(thrown: unknown): boolean {
  if (isPostgresError(thrown)) return sqlStates.test(thrown.code);
  if (!(thrown instanceof Error)) return false;
  return ('code' in thrown && networkErrors.includes(String(thrown.code))) || sayings.test(thrown.message);
}
