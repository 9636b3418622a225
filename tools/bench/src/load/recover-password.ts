import { Pool } from 'undici';
import type { SendOutcome } from '../measure/open-loop.ts';
import { usernameOf } from '../system/users.ts';

const path = '/api/identity/recovery/v0.9/recover-password?type=email&notify=true';
const headers = { authorization: `Basic ${Buffer.from('admin:admin').toString('base64')}`, 'content-type': 'application/json' };

export interface RecoverPasswordClient {
  /** Asks for a recovery as the guide's curl command does. */
  recover(user: number): Promise<SendOutcome>;
  close(): Promise<void>;
}

/** Over connections that are kept; a request for which none is free waits, and its waiting counts. */
export function recoverPasswordClient(origin: string, connections: number, timeoutMs: number): RecoverPasswordClient {
  const pool = new Pool(origin, { connections, pipelining: 1, headersTimeout: timeoutMs, bodyTimeout: timeoutMs, connect: { rejectUnauthorized: false } });
  return {
    recover: (user) => send(pool, JSON.stringify({ user: { username: usernameOf(user), realm: 'PRIMARY', 'tenant-domain': 'carbon.super' }, properties: [] })),
    close: () => pool.destroy(),
  };
}

/** undici's handlers rather than its promises: the generator shares the machine with what it measures. */
function send(pool: Pool, body: string): Promise<SendOutcome> {
  return new Promise((resolve) => {
    let status = 0;
    pool.dispatch(
      { path, method: 'POST', headers, body },
      {
        onRequestStart: () => undefined,
        onResponseStart: (_controller, statusCode) => {
          status = statusCode;
        },
        onResponseData: () => undefined,
        onResponseEnd: () => resolve(status === 202 ? { kind: 'done' } : { kind: 'failed', reason: `HTTP ${status}` }),
        onResponseError: (_controller, error) => resolve({ kind: 'failed', reason: 'code' in error ? String(error.code) : error.message }),
      },
    );
  });
}
