import { randomInt } from 'node:crypto';
import { createChallenge, verifySolution } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { z } from 'zod';
import { KeyedDigest } from '../keyed-digest.ts';
import type { CaptchaChallenge, CaptchaPurpose, CaptchaScope, CaptchaVerifier } from './captcha-verifier.ts';

export interface ProofOfWorkSettings {
  /** Guesses that a solver needs at most; at least half of them. */
  readonly difficulty: number;
  readonly validitySeconds: number;
}

/** PBKDF2's rounds for one guess: a third of a millisecond in a browser, whose own call costs little beside it. */
const cost = 1_000;
const longestToken = 4_096;

/** ALTCHA's payload. What is in it is believed only once its signature is ours. */
const solved = z.strictObject({
  challenge: z.strictObject({
    parameters: z.strictObject({
      algorithm: z.string(),
      nonce: z.string(),
      salt: z.string(),
      cost: z.number(),
      keyLength: z.number(),
      keyPrefix: z.string(),
      keySignature: z.string(),
      expiresAt: z.number(),
      data: z.strictObject({ tenantDomain: z.string(), purpose: z.string() }),
    }),
    signature: z.string(),
  }),
  solution: z.strictObject({ counter: z.number(), derivedKey: z.string(), time: z.number().prefault(0) }),
});

/**
 * ALTCHA's proof of work: a browser looks for a number for a second, on its own, and nobody else hears of it. Challenges are signed and
 * kept nowhere: any instance checks what another has given out.
 */
export class ProofOfWork implements CaptchaVerifier {
  readonly widget = { type: 'proof-of-work', key: '', api: '' };
  private readonly secrets: { readonly hmacSignatureSecret: string; readonly hmacKeySignatureSecret: string };

  /** @param seed of `KeyedDigest` */
  constructor(
    seed: string,
    private readonly settings: ProofOfWorkSettings,
  ) {
    const digest = new KeyedDigest(seed, 'rekey captcha');
    this.secrets = { hmacSignatureSecret: digest.of(['challenge'], 'hex'), hmacKeySignatureSecret: digest.of(['solution'], 'hex') };
  }

  async challengeFor({ tenantDomain, purpose }: CaptchaScope & { readonly purpose: CaptchaPurpose }): Promise<CaptchaChallenge> {
    const { difficulty, validitySeconds } = this.settings;
    const counter = randomInt(Math.floor(difficulty / 2), difficulty);
    return { ...(await createChallenge({ algorithm: 'PBKDF2/SHA-256', cost, counter, deriveKey, data: { tenantDomain, purpose }, expiresAt: new Date(Date.now() + validitySeconds * 1_000), ...this.secrets })) };
  }

  async verify(token: string, { tenantDomain, purpose }: CaptchaScope): Promise<string | null> {
    const parsed = solved.safeParse(decoded(token));
    if (!parsed.success) return null;
    const { challenge, solution } = parsed.data;
    const { data } = challenge.parameters;
    if (data.tenantDomain !== tenantDomain || (purpose !== null && data.purpose !== purpose)) return null;
    const { verified } = await verifySolution({ challenge, solution, deriveKey, ...this.secrets });
    return verified ? challenge.signature : null;
  }
}

/** Base64 of JSON. */
function decoded(token: string): unknown {
  if (token.length > longestToken) return undefined;
  try {
    return JSON.parse(Buffer.from(token, 'base64').toString('utf8'));
  } catch {
    return undefined;
  }
}
