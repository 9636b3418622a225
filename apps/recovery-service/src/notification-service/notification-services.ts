import type { SignedRequest } from '@rekey/events';

/** Whoever keeps templates and deliveries: in the same process, or over HTTP. @throws NotificationServiceAway where there was no answer */
export type AskNotificationService = (request: SignedRequest) => Promise<unknown>;

/** Nobody has answered. Where a connection was lost, whether the request was carried out is not known. */
export class NotificationServiceAway extends Error {
  constructor(options?: ErrorOptions) {
    super('no notification service answers: see [server] notification_services', options);
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
      const answer = await fetch(`${origin}/requests`, { method: 'POST', headers: { ...headers }, body: new Uint8Array(body), redirect: 'error', signal: AbortSignal.timeout(answerTimeoutMs) }).catch((error: unknown) => {
        if (notSent.includes(codeOf(error))) return null;
        throw new NotificationServiceAway({ cause: error });
      });
      if (answer === null) continue;
      if (answer.status >= 500) throw new NotificationServiceAway();
      if (answer.status !== 200) throw new Error(`the notification service at ${origin} answered a request with ${answer.status}`);
      return answer.json().catch((error: unknown) => Promise.reject(new NotificationServiceAway({ cause: error })));
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
