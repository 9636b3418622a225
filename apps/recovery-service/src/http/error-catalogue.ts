import { refusals } from '@rekey/governance';

/**
 * The closed list of errors that the REST APIs answer with: WSO2's codes where WSO2 has one, the listener chain's refusals among them.
 * `message` says what was wrong and what to do; it never says whether a user exists.
 */
export const errorCatalogue = {
  ...refusals,
  '18001': { status: 400, message: 'Invalid code. It is wrong, has expired, was used before, or was replaced by a newer one: ask for a new one.' },
  '18016': { status: 400, message: 'Invalid tenant domain.' },
  '18018': { status: 400, message: 'The user has no e-mail address.' },
  '20014': { status: 400, message: 'No fields to recover the username by: expected claims that GET /claims lists, each once.' },
  '20017': { status: 400, message: 'Notification based password recovery is not enabled.' },
  '20021': { status: 400, message: 'Self registration is not enabled.' },
  '20030': { status: 409, message: 'The username is taken.' },
  '20031': { status: 400, message: 'Username recovery is not enabled.' },
  '20044': { status: 400, message: 'The callback URL is not allowed.' },
  'ETM-50002': { status: 404, message: 'There is no such mail template type.' },
  'ETM-50003': { status: 404, message: 'There is no such mail template.' },
  'ETM-50004': { status: 409, message: 'The mail template exists already.' },
  'ETM-50005': { status: 409, message: 'The mail template type exists already.' },
  'IDG-50005': { status: 501, message: 'The categories are few: they are listed all at once.' },
  'IDG-50006': { status: 501, message: 'The categories cannot be filtered.' },
  'IDG-50007': { status: 501, message: 'The categories cannot be sorted.' },
  'IDG-50008': { status: 404, message: 'There is no such category of connectors.' },
  'IDG-50009': { status: 404, message: 'There is no such connector.' },
  'IDG-50011': { status: 400, message: 'There is no connector of this name.' },
  'IDG-50012': { status: 400, message: 'The connector has no such property.' },
  'IDG-50013': { status: 400, message: 'The connector cannot be changed like this.' },
  'IDG-50017': { status: 400, message: 'The connector has no such property.' },
  'PWR-10002': { status: 403, message: 'Notification based password recovery is not enabled.' },
  'PWR-10004': { status: 403, message: 'Password recovery is not enabled.' },
  'PWR-10005': { status: 412, message: 'The password is one of the last ones of this account.' },
  'PWR-10006': { status: 412, message: 'The password does not meet the password policy.' },
  'PWR-10007': { status: 400, message: 'The callback URL is not allowed.' },
  'UAR-10001': { status: 406, message: 'Invalid code. It is wrong, was used before, or was replaced by a newer one: begin again.' },
  'UAR-10002': { status: 404, message: 'There is no such user.' },
  'UAR-10003': { status: 404, message: 'The user can be reached by no channel.' },
  'UAR-10004': { status: 406, message: 'There is no such channel.' },
  'UAR-10007': { status: 409, message: 'Several users have these claims.' },
  'UAR-10008': { status: 404, message: 'There is no recovery of this code.' },
  'UAR-10012': { status: 406, message: 'What this resend code would send again has been replaced by a newer one: begin again.' },
  'UAR-10013': { status: 406, message: 'The code has expired: begin again.' },
  'UAR-10015': { status: 406, message: 'This recovery is over, or too many wrong codes were entered for it: begin again.' },
  'UAR-10017': { status: 404, message: 'Version 1 of this API is switched off.' },
  'UAR-17003': { status: 403, message: 'The user’s account is locked.' },
  'UAR-17004': { status: 403, message: 'The user’s account is disabled.' },
  'UNR-10001': { status: 403, message: 'Username recovery is not enabled.' },
  'RKY-10001': { status: 400, message: 'The request is malformed.' },
  'RKY-10002': { status: 413, message: 'The request body is too large.' },
  'RKY-10003': { status: 415, message: 'Expected the content type application/json, or another of JSON that the operation takes; no batch.' },
  'RKY-10004': { status: 404, message: 'There is nothing at this address.' },
  'RKY-10005': { status: 403, message: 'This account may not do that.' },
  'RKY-10006': { status: 409, message: 'The user exists already.' },
  'RKY-10008': { status: 400, message: 'Invalid user store.' },
  'RKY-10009': { status: 403, message: 'The request comes from another site.' },
  'RKY-10010': { status: 405, message: 'The method is not allowed here.' },
  'RKY-10011': { status: 429, message: 'Too many requests come from this address; try again in a minute.' },
  'RKY-10012': { status: 403, message: 'A rule of this organisation does not allow it now.' },
  'RKY-10013': { status: 422, message: 'The Idempotency-Key was used for another request: choose a new one.' },
  'RKY-10014': { status: 409, message: 'The first request with this Idempotency-Key is still in hand: ask again in a moment.' },
  'RKY-10120': { status: 412, message: 'The resource is another version by now: read it again.' },
  'RKY-10130': { status: 403, message: 'Solve the challenge first: none was solved, or it was too late, or the solution was used before.' },
  'RKY-10140': { status: 409, message: 'No address waits to be confirmed, or its link is dead or was mailed often enough: enter the address again.' },
  'RKY-10200': { status: 400, message: 'This tenant does not mail that for forced resets (Recovery.AdminPasswordReset.RecoveryLink and .OTP).' },
  'RKY-10201': { status: 409, message: 'The forced reset is over.' },
  'RKY-10210': { status: 409, message: 'The mail is not sent again.' },
  'RKY-10410': { status: 403, message: 'The event is not believed: its publisher is not listed, or the signature is not its own.' },
  'RKY-10411': { status: 403, message: 'This publisher may not say that.' },
  'RKY-10412': { status: 400, message: 'The event is malformed.' },
  'RKY-10413': { status: 409, message: 'Another event has this id.' },
  'RKY-10414': { status: 403, message: 'The report is not believed: there is no such webhook, or it was not signed for it, or not in the last five minutes.' },
  'TM-60003': { status: 400, message: 'The tenant domain is reserved.' },
  'TM-60007': { status: 400, message: 'The tenant domain must be two or more labels of small letters, digits and hyphens with dots between, such as "acme.example".' },
  'TM-60009': { status: 409, message: 'There is a tenant of this domain already.' },
  'TM-60014': { status: 404, message: 'There is no such tenant.' },
  'TM-65006': { status: 501, message: 'Tenants are filtered by their domain alone: domain co "acme".' },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly message: string }>>;

export type ErrorCode = keyof typeof errorCatalogue;

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorCatalogue, code);
}

/** An answer other than success. Thrown at the edge only; the domain returns outcomes. */
export class ApiError extends Error {
  constructor(
    readonly code: ErrorCode,
    /** What exactly was wrong, where the catalogue's words are too general. */
    readonly description: string = errorCatalogue[code].message,
    /** Fields that the body has beside WSO2's four, e.g. the `key` of a 412. */
    readonly extra: Readonly<Record<string, unknown>> = {},
    /** Another one than the catalogue's, where WSO2 answers so. */
    readonly status: number = errorCatalogue[code].status,
  ) {
    super(description);
    this.name = 'ApiError';
  }
}

/** The one answer that depends on how much was asked before, not on what is asked. */
export class TooManyRequests extends ApiError {
  constructor(
    readonly retryAfterSeconds: number,
    description?: string,
  ) {
    super('RKY-10011', description);
  }
}

const statusTexts: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Accepted',
  409: 'Conflict',
  412: 'Precondition Failed',
  413: 'Payload Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal server error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
};

/** WSO2's error body. */
export function errorBody(error: ApiError, traceId: string): Record<string, unknown> {
  return { code: error.code, message: statusTexts[error.status] ?? 'Error', description: error.description, traceId, ...error.extra };
}
