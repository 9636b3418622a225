import { lookup } from 'node:dns';
import http, { type ClientRequest } from 'node:http';
import https from 'node:https';
import { isLoopbackHost, type WebhookSettings } from '@rekey/deployment-config';
import { structuredEventType } from '@rekey/events';
import { reasonOf } from '@rekey/observability';
import { storableText } from '../storable-text.ts';
import { allowingLookup, isPublicAddress, type Resolve } from './public-address.ts';
import { retryAfterSeconds } from './retry-after.ts';

export interface WebhookRequestOptions {
  /** Default 5,000: name, connection and TLS. */
  readonly connectMs?: number;
  /** Default 15,000: from the beginning to the end of the answer. */
  readonly answerMs?: number;
  readonly resolve?: Resolve;
}

/** `reply` is for an operator: nothing of the URL but its host, and little of the answer. */
export type WebhookAnswer =
  | { readonly kind: 'taken' | 'gone' }
  /** `isDown`: the others would not be taken either. `restSeconds`: so long it wants to be left alone. */
  | { readonly kind: 'failed'; readonly isDown: boolean; readonly reply: string; readonly restSeconds: number };

/** Of an answer, or of a failure. */
const maxReplyCharacters = 200;
/** What says "not this event": it does not open the circuit. */
const clientErrors = new Set([400, 409, 413, 415, 422]);

/**
 * Asks a webhook to take one event. Never rejects. No redirect is followed, and each request has a connection of its own, so that its
 * address is looked at each time.
 * @param body a structured CloudEvent
 * @param signal gives up at once
 */
export async function askWebhook({ url, allowPrivate }: Pick<WebhookSettings, 'url' | 'allowPrivate'>, body: string, signal: AbortSignal, options: WebhookRequestOptions = {}): Promise<WebhookAnswer> {
  const { connectMs = 5_000, answerMs = 15_000, resolve = lookup } = options;
  const { protocol, hostname } = new URL(url);
  const mayBePrivate = allowPrivate || isLoopbackHost(hostname);
  const timers: NodeJS.Timeout[] = [];
  try {
    const request = (protocol === 'https:' ? https : http).request(url, {
      method: 'POST',
      agent: false,
      signal,
      headers: { 'content-type': structuredEventType, 'content-length': Buffer.byteLength(body), 'user-agent': 'Rekey' },
      lookup: allowingLookup(resolve, mayBePrivate ? () => true : isPublicAddress),
    });
    const connecting = setTimeout(() => request.destroy(new Error(`no connection within ${connectMs} ms`)), connectMs);
    timers.push(connecting, setTimeout(() => request.destroy(new Error(`no answer within ${answerMs} ms`)), answerMs));
    request.once('socket', (socket) => socket.once(protocol === 'https:' ? 'secureConnect' : 'connect', () => clearTimeout(connecting)));
    return judged(await answerTo(request, body));
  } catch (error) {
    return { kind: 'failed', isDown: true, reply: storableText(reasonOf(error), maxReplyCharacters), restSeconds: 0 };
  } finally {
    for (const timer of timers) clearTimeout(timer);
  }
}

interface Answer {
  readonly status: number;
  readonly text: string;
  /** As it said. */
  readonly retryAfter: string | undefined;
}

/** The status counts as soon as it is there; of the body a beginning is read, and the rest is cut off. */
function answerTo(request: ClientRequest, body: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request.once('error', reject);
    request.once('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('error', () => undefined);
      response.on('data', (part: string) => {
        text += part.slice(0, maxReplyCharacters);
        if (text.length >= maxReplyCharacters) response.destroy();
      });
      response.once('close', () => resolve({ status: response.statusCode ?? 0, text, retryAfter: response.headers['retry-after'] }));
    });
    request.on('error', () => undefined);
    request.end(body);
  });
}

function judged({ status, text, retryAfter }: Answer): WebhookAnswer {
  if (status >= 200 && status < 300) return { kind: 'taken' };
  if (status === 410) return { kind: 'gone' };
  const said = status >= 300 && status < 400 ? 'redirects are not followed' : text;
  return { kind: 'failed', isDown: !clientErrors.has(status), reply: storableText(`${status}${said === '' ? '' : `: ${said}`}`, maxReplyCharacters), restSeconds: retryAfterSeconds(retryAfter, Date.now()) };
}
