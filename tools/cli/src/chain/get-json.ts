import { request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { json } from 'node:stream/consumers';
import { Fault } from '../terminal.ts';

export interface GetOptions {
  readonly username: string;
  readonly password: string;
  /** Takes any certificate. */
  readonly insecure: boolean;
}

const patienceMs = 10_000;

/** @throws Fault with one line: nobody there, a certificate that is not trusted, a password that is not taken, no JSON */
export async function getJson(url: URL, { username, password, insecure }: GetOptions): Promise<unknown> {
  const { status, body } = await answerOf(url, { username, password, insecure }).catch((error: unknown) => {
    throw new Fault(reasonOf(error, url), { cause: error });
  });
  if (status === 401 || status === 403) throw new Fault(`${url.origin} does not take this password of ${username}, or ${username} may not see the listeners (${status})`);
  if (status !== 200 || body === undefined) throw new Fault(`${url.href} answered ${status}: is it a Rekey, and of this version?`);
  return body;
}

function answerOf(url: URL, { username, password, insecure }: GetOptions): Promise<{ readonly status: number; readonly body: unknown }> {
  const headers = { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`, accept: 'application/json' };
  const options = { headers, signal: AbortSignal.timeout(patienceMs) };
  return new Promise((resolve, reject) => {
    const request = url.protocol === 'https:' ? requestTls(url, { ...options, rejectUnauthorized: !insecure }) : requestPlain(url, options);
    request.once('response', (response) => {
      json(response).then(
        (body) => resolve({ status: response.statusCode ?? 0, body }),
        () => resolve({ status: response.statusCode ?? 0, body: undefined }),
      );
    });
    request.once('error', reject);
    request.end();
  });
}

function reasonOf(error: unknown, { origin }: URL): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : String(error);
  if (/CERT|SELF_SIGNED|ALTNAME|ISSUER/.test(code)) return `the certificate of ${origin} is not trusted (${code}): --insecure takes the self-signed one of npm start; NODE_EXTRA_CA_CERTS names an authority of yours`;
  return `${origin} does not answer (${code}): is Rekey running there?`;
}
