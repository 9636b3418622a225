import { createHash } from 'node:crypto';
import type { CaptchaSettings } from '@rekey/deployment-config';
import { asGuest, ThirdPartyModules, withinLimit } from '@rekey/governance';
import type { Logger } from '@rekey/observability';
import { z } from 'zod';
import type { CaptchaScope, CaptchaVerifier } from './captcha-verifier.ts';

const name = 'captcha';
const verifyLimitMs = 5_000;
const shape = 'a default export of { widget?: { type, key, api }, verify(token, { tenantDomain, purpose, clientAddress }) {…} }, or a function of { properties, log } that gives one';
const widget = z.strictObject({ type: z.string().prefault(''), key: z.string().prefault(''), api: z.string().prefault('') });

/**
 * The module that `[captcha] verifier` names, such as one that asks somebody's service. A token that it says true of is taken once;
 * whatever else it answers, throws or does not answer in time is no solution.
 * @throws ListenerChainError with one line for an operator where it cannot be used
 */
export async function thirdPartyVerifier({ verifier: module, properties }: CaptchaSettings, log: Logger): Promise<CaptchaVerifier> {
  return new ThirdPartyModules().load('[captcha]', { name, module, properties }, log, (exported) => {
    if (typeof exported !== 'object' || exported === null || !('verify' in exported) || typeof exported.verify !== 'function') throw new Error(`expected ${shape}`);
    const shown = widget.safeParse('widget' in exported ? exported.widget : {});
    if (!shown.success) throw new Error(`expected ${shape}`);
    const verify = asGuest(name, exported.verify.bind(exported) as (token: string, asked: CaptchaScope & { readonly clientAddress: string | undefined }) => unknown);
    return {
      widget: shown.data,
      challengeFor: async () => Promise.resolve(null),
      async verify(token, scope, clientAddress) {
        try {
          const answer = await withinLimit(Promise.resolve(verify(token, Object.freeze({ ...scope, clientAddress }))), verifyLimitMs);
          return answer === true ? createHash('sha256').update(token).digest('base64url') : null;
        } catch (err) {
          log.error({ err }, 'the verifier of [captcha] failed: nobody who must solve a challenge gets through');
          return null;
        }
      },
    };
  });
}
