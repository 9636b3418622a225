import { request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { text as readText } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { Fault, inert } from '../terminal.ts';

export interface Asker {
  readonly username: string;
  readonly password: string;
  /** Takes any certificate. */
  readonly insecure: boolean;
}

export interface Question {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Sent as JSON. */
  readonly body?: unknown;
  /** With one it is asked again, up to a few times, where no answer came: Rekey does it once. */
  readonly idempotencyKey?: string;
}

const patienceMs = 10_000;
const mostAttempts = 4;
const firstPauseMs = 250;
/** The first of them is still in hand. */
const inHand = 'RKY-10014';
/** Rekey's own words for what it refuses; its log has more under the trace id. */
const refusal = z.object({ code: z.string(), description: z.string(), traceId: z.string().optional() });

/**
 * @returns the JSON of the answer; undefined where it is empty
 * @throws Fault with one line: nobody there, a certificate that is not trusted, a password that is not taken, what was refused, no JSON
 */
export async function askJson(url: URL, asker: Asker, question: Question = { method: 'GET' }): Promise<unknown> {
  const { status, text } = await answerInTheEnd(url, asker, question).catch((error: unknown) => {
    throw new Fault(reasonOf(error, url), { cause: error });
  });
  if (status === 401) throw new Fault(`${url.origin} does not take this password of ${asker.username} (401)`);
  const body = parsed(text);
  const { data: refused } = refusal.safeParse(body);
  if (refused) throw new Fault(inert(`${refused.description} (${[refused.code, ...(refused.traceId === undefined ? [] : [`trace id ${refused.traceId}`])].join(', ')})`));
  if (status < 200 || status > 299 || (body === undefined && text !== '')) throw new Fault(`${url.href} answered ${status}: is it a Rekey, and of this version?`);
  return body;
}

async function answerInTheEnd(url: URL, asker: Asker, question: Question): Promise<HttpAnswer> {
  for (let attempt = 1; ; attempt++) {
    const answer = await answerOf(url, asker, question).catch((error: unknown) => {
      if (question.idempotencyKey === undefined || attempt === mostAttempts || isUntrusted(error)) throw error;
      return null;
    });
    const isOpen = answer === null || answer.status >= 500 || refusal.safeParse(parsed(answer.text)).data?.code === inHand;
    if (answer && (!isOpen || question.idempotencyKey === undefined || attempt === mostAttempts)) return answer;
    await pause(firstPauseMs * 2 ** attempt);
  }
}

interface HttpAnswer {
  readonly status: number;
  readonly text: string;
}

function answerOf(url: URL, { username, password, insecure }: Asker, { method, body, idempotencyKey }: Question): Promise<HttpAnswer> {
  const content = body === undefined ? {} : { 'content-type': 'application/json' };
  const headers = { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`, accept: 'application/json', ...content, ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }) };
  const options = { method, headers, signal: AbortSignal.timeout(patienceMs) };
  return new Promise((resolve, reject) => {
    const request = url.protocol === 'https:' ? requestTls(url, { ...options, rejectUnauthorized: !insecure }) : requestPlain(url, options);
    request.once('response', (response) => {
      readText(response).then((text) => resolve({ status: response.statusCode ?? 0, text }), reject);
    });
    request.once('error', reject);
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown, { origin }: URL): string {
  const code = codeOf(error);
  if (isUntrusted(error)) return `the certificate of ${origin} is not trusted (${code}): --insecure takes the self-signed one of npm start; NODE_EXTRA_CA_CERTS names an authority of yours`;
  return `${origin} does not answer (${code}): is Rekey running there?`;
}

/** Its certificate is not trusted: asking again does not change that. */
function isUntrusted(error: unknown): boolean {
  return /CERT|SELF_SIGNED|ALTNAME|ISSUER/.test(codeOf(error));
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : String(error);
}
