import { randomInt } from 'node:crypto';
import type { AccountRecoverySettings } from '@rekey/governance';
import { KeyedDigest } from '../keyed-digest.ts';

const characters = { uppercase: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', lowercase: 'abcdefghijklmnopqrstuvwxyz', numeric: '0123456789' } as const;

/** As the tenant has them. */
export function newOneTimeCode({ otpUppercase, otpLowercase, otpNumeric, otpLength }: Pick<AccountRecoverySettings, 'otpUppercase' | 'otpLowercase' | 'otpNumeric' | 'otpLength'>): string {
  const alphabet = (otpUppercase ? characters.uppercase : '') + (otpLowercase ? characters.lowercase : '') + (otpNumeric ? characters.numeric : '');
  return Array.from({ length: otpLength }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
}

/** Hashes codes that are short enough to try them all: without the secret, whoever reads the database cannot. */
export class OneTimeCodes {
  private readonly digest: KeyedDigest;

  /** @param seed of `KeyedDigest` */
  constructor(seed: string) {
    this.digest = new KeyedDigest(seed, 'rekey one-time codes');
  }

  /** @param recoveryId the only recovery that the code is of */
  hashOf(recoveryId: string, code: string): Buffer {
    return Buffer.from(this.digest.of([recoveryId, code], 'hex'), 'hex');
  }
}
