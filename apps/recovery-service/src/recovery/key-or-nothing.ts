import type { AuditedAct } from '@rekey/governance';
import type { FastifyReply } from 'fastify';
import { ApiError } from '../http/error-catalogue.ts';
import type { HandOverOutcome, RequestOutcome } from './password-recovery.ts';
import type { ToldCode } from './told-obstacle.ts';

/** Of the account that is asked for, not of the caller's. */
const toldInWords = {
  '18003': 'There is no such user.',
  '18018': 'The user has no e-mail address.',
  '17003': 'The user’s account is locked.',
  '17004': 'The user’s account is disabled.',
} as const satisfies Record<ToldCode, string>;

/** WSO2's answer to a request: empty, or the key as text for a caller who brings it to the person. @throws ApiError where it was refused */
export function keyOrNothing(outcome: RequestOutcome | HandOverOutcome, reply: FastifyReply): string | undefined {
  switch (outcome.kind) {
    case 'refused':
      throw new ApiError(outcome.code);
    case 'told':
      throw new ApiError(outcome.code, toldInWords[outcome.code], {}, 400);
    case 'accepted':
      return undefined;
    case 'issued':
      void reply.header('content-type', 'text/plain; charset=utf-8');
      return outcome.key;
  }
}

/** What an administrator has done by asking, for the audit. Whom a mail goes to it does not say: a request is the same work for every name. */
export function actOf(outcome: RequestOutcome | HandOverOutcome, tenantDomain: string): AuditedAct {
  return outcome.kind === 'issued' ? { operation: 'handOverKey', tenantDomain, user: outcome.user } : { operation: 'requestRecovery', tenantDomain, user: null };
}
