import type { AuditedAct } from '@rekey/governance';
import type { FastifyReply } from 'fastify';
import type { DescribedError, DescribedOperation } from '../api-docs/operation.ts';
import { ApiError } from '../http/error-catalogue.ts';
import type { ToldCode } from '../recovery/told-obstacle.ts';
import type { HandOverOutcome, RequestOutcome } from './password-recovery.ts';

/** Of the account that is asked for, not of the caller's. */
const told = {
  '18003': { code: '18003', status: 400, message: 'There is no such user.' },
  '18018': { code: '18018', status: 400, message: 'The user has no e-mail address.' },
  '17003': { code: '17003', status: 400, message: 'The user’s account is locked.' },
  '17004': { code: '17004', status: 400, message: 'The user’s account is disabled.' },
} as const satisfies { readonly [Code in ToldCode]: DescribedError };

/** What a request is refused with; the last ones only where `[identity_mgt.recovery] notify_…` says so. */
export const requestErrors = ['20017', '20044', ...Object.values(told)] as const satisfies DescribedOperation['errors'];

/** WSO2's answer to a request: empty, or the key as text for a caller who brings it to the person. @throws ApiError where it was refused */
export function keyOrNothing(outcome: RequestOutcome | HandOverOutcome, reply: FastifyReply): string | undefined {
  switch (outcome.kind) {
    case 'refused':
      throw new ApiError(outcome.code);
    case 'told':
      throw new ApiError(outcome.code, told[outcome.code].message, {}, told[outcome.code].status);
    case 'accepted':
      return undefined;
    case 'issued':
      void reply.header('content-type', 'text/plain; charset=utf-8');
      return outcome.key;
  }
}

/** What has come of asking, refusals too, for the audit. Whom a mail goes to it does not say: a request is the same work for every name. */
export function actOf(outcome: RequestOutcome | HandOverOutcome, tenantDomain: string): AuditedAct {
  if (outcome.kind === 'issued') return { operation: 'handOverKey', tenantDomain, user: outcome.user };
  return { operation: 'requestRecovery', tenantDomain, user: null, outcome: outcome.kind === 'accepted' ? 'done' : outcome.code };
}
