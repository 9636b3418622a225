import type { Challenge } from 'altcha-lib/types';
import { solve } from '../captcha/solve.ts';
import type { Asking } from '../captcha/use-asking.ts';
import { tenantPath } from '../tenant-path.ts';

/** The error body of Rekey's APIs. */
export interface Problem {
  /** From the error catalogue, e.g. `18001`; `offline` where no answer came. */
  readonly code: string;
  readonly description: string;
  /** Of a refused password: every rule that it breaks. */
  readonly reasons: readonly { readonly code: string; readonly message: string }[];
  /** What is to be solved before the same is asked again; null where that is not asked for, or no page of ours can. */
  readonly challenge: Challenge | null;
}

export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem,
  ) {
    super(problem.description);
  }
}

export interface SignedInUser {
  readonly username: string;
  readonly displayName: string;
  readonly email: string | null;
  readonly tenantDomain: string;
}

export interface PasswordPolicy {
  readonly minLength: number;
  readonly maxLength: number;
}

const base = `${tenantPath}/api/rekey/v1`;
/** A server that takes longer is as good as away. */
const patienceMs = 20_000;

export const api = {
  currentUser: async (): Promise<SignedInUser | null> => {
    try {
      return (await call<{ user: SignedInUser }>('GET', '/session')).user;
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401) return null;
      throw error;
    }
  },
  signIn: async (credentials: { username: string; password: string }): Promise<SignedInUser> => (await call<{ user: SignedInUser }>('POST', '/session', credentials)).user,
  signOut: async (): Promise<void> => call('DELETE', '/session'),
  requestLink: async (username: string, asking: Asking): Promise<void> => callSolving('/recovery', { username }, asking),
  sendAgain: async (username: string, asking: Asking): Promise<void> => callSolving('/recovery/resend', { username }, asking),
  sendConfirmation: async (username: string, asking: Asking): Promise<void> => callSolving('/registration/resend', { username }, asking),
  checkKey: async (key: string): Promise<{ passwordPolicy: PasswordPolicy }> => call('POST', '/recovery/key', { key }),
  confirmAccount: async (key: string): Promise<{ username: string; callback?: string }> => call('POST', '/registration/confirm', { key }),
  confirmAddress: async (key: string): Promise<{ username: string }> => call('POST', '/address/confirm', { key }),
  setPassword: async (body: { key: string; password: string }): Promise<{ username: string }> => call('POST', '/recovery/reset', body),
};

/** Solves the challenge that the tenant may want solved first, once, and asks again. */
async function callSolving(path: string, body: object, { signal, onChallenge }: Asking): Promise<void> {
  try {
    return await call('POST', path, body);
  } catch (error) {
    const challenge = error instanceof ApiProblem ? error.problem.challenge : null;
    if (!challenge) throw error;
    signal.throwIfAborted();
    onChallenge();
    return call('POST', path, { ...body, captcha: await solve(challenge, signal) });
  }
}

/** @throws ApiProblem for every answer that is not a success, and where none came */
async function call<Result>(method: string, path: string, body?: unknown): Promise<Result> {
  const answer = await fetch(base + path, {
    method,
    credentials: 'same-origin',
    signal: AbortSignal.timeout(patienceMs),
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  }).catch(() => null);
  if (!answer) throw new ApiProblem(0, { code: 'offline', description: '', reasons: [], challenge: null });
  const content: unknown = answer.headers.get('content-type')?.includes('json') ? await answer.json() : undefined;
  if (!answer.ok) throw new ApiProblem(answer.status, problemOf(answer.status, content));
  return content as Result; // the server's own schema
}

function problemOf(status: number, content: unknown): Problem {
  const { code, description, reasons, challenge } = (typeof content === 'object' && content !== null ? content : {}) as Partial<Problem>;
  return { code: code ?? String(status), description: description ?? '', reasons: Array.isArray(reasons) ? reasons : [], challenge: challenge ?? null };
}
