import type { SignedRequest } from '@rekey/events';

/** Whoever keeps the templates: in the same process, or over HTTP. @throws NotificationServiceAway where nothing was asked, since nobody is there */
export type AskNotificationService = (request: SignedRequest) => Promise<unknown>;

/** Nobody has taken the request: it may be made again. */
export class NotificationServiceAway extends Error {
  constructor() {
    super('no notification service can be reached: see [server] notification_services');
    this.name = 'NotificationServiceAway';
  }
}

const answerTimeoutMs = 15_000;
/** No connection was made, so nothing was sent. */
const notSent = ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'];

/** @param origins such as `http://notification-service:9600`: any of them will do, and the next is asked where one cannot be reached */
export function notificationServicesAt(origins: readonly string[]): AskNotificationService {
  return async ({ headers, body }) => {
    for (const origin of origins) {
      const answer = await fetch(`${origin}/mail-templates`, { method: 'POST', headers: { ...headers }, body: new Uint8Array(body), redirect: 'error', signal: AbortSignal.timeout(answerTimeoutMs) }).catch((error: unknown) => {
        if (notSent.includes(codeOf(error))) return null;
        throw error;
      });
      if (answer === null) continue;
      if (answer.status !== 200) throw new Error(`the notification service at ${origin} answered a request about templates with ${answer.status}`);
      return answer.json();
    }
    throw new NotificationServiceAway();
  };
}

/** Of the network's own error, which fetch wraps. */
function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  if ('cause' in error && error.cause !== undefined) return codeOf(error.cause);
  return 'code' in error ? String(error.code) : '';
}
