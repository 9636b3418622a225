import type { PolicyReason, Refusal } from './chain/user-operation.ts';

/** Every refusal that Rekey's own listeners and the user manager give: WSO2's code, the HTTP status it is answered with, and words for a person. */
export const refusals = {
  '17002': { status: 401, message: 'The username or the password is wrong.' },
  '17003': { status: 401, message: 'The account is locked.' },
  '17004': { status: 401, message: 'The account is disabled.' },
  '17005': { status: 401, message: 'The account has not been confirmed yet.' },
  '17006': { status: 401, message: 'The password has to be reset first: an administrator asked for that.' },
  '18003': { status: 400, message: 'The username must not be longer than 255 characters, begin or end with a blank, or contain invisible characters.' },
  '18013': { status: 500, message: 'The server could not finish the request. Try again later.' },
  '20035': { status: 412, message: 'The password does not meet the password policy.' },
  '22001': { status: 412, message: 'The password is one of the last ones of this account.' },
  'RKY-10007': { status: 503, message: 'The service cannot take the request right now; try again in a few seconds.' },
  'RKY-10126': { status: 403, message: 'This is the last administrator of the tenant who may sign in: make somebody else one first.' },
} as const satisfies Record<string, { readonly status: number; readonly message: string }>;

export type RefusalCode = keyof typeof refusals;

/** @param reasons the broken rules, where the code stands for several */
export function refuse(code: RefusalCode, reasons?: readonly PolicyReason[]): Refusal {
  const message = reasons?.map((reason) => reason.message).join(' ') || refusals[code].message;
  return { kind: 'refuse', code, message, ...(reasons ? { reasons } : {}) };
}
