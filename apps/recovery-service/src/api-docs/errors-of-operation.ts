import { errorCatalogue, type ErrorCode } from '../http/error-catalogue.ts';
import { ruleOf } from './accesses.ts';
import type { DescribedError, DescribedOperation } from './operation.ts';

/** An address that cannot be read, a failure that nobody planned, a database that is away. */
const everywhere: readonly ErrorCode[] = ['RKY-10001', '18013', 'RKY-10007'];
/** Whatever the route makes of a body: one is read before it is asked. */
const withBody: readonly ErrorCode[] = ['RKY-10002', 'RKY-10003'];
/** The credentials name a user: also a tenant and a user store. They may be those of another tenant than the path's. */
const basic: readonly ErrorCode[] = ['17002', '18016', 'RKY-10005', 'RKY-10008', 'RKY-10011', 'RKY-10012'];
const session: readonly ErrorCode[] = ['17002'];
/** Where a browser can be made to send more than a question. */
const fromPages: readonly ErrorCode[] = ['RKY-10009'];

/** Every error that the operation may answer with, by code. */
export function errorsOf({ access, errors = [] }: DescribedOperation, method: string): readonly DescribedError[] {
  const writes = method !== 'get';
  const { by } = ruleOf(access);
  const all = new Set([...everywhere, ...(by.includes('basic') ? basic : []), ...(by.includes('session') ? session : []), ...(writes ? [...withBody, ...fromPages] : []), ...errors]);
  return [...all].map((error) => (typeof error === 'string' ? { code: error, ...errorCatalogue[error] } : error)).sort((one, other) => one.code.localeCompare(other.code));
}
