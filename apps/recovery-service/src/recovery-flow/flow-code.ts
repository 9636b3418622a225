import { createHash, randomBytes } from 'node:crypto';

/** Of WSO2's account recovery API. */
export type ApiVersion = 'v1' | 'v2';

/** Where a call came in. A code of another version or tenant is none here, nor is one of My Account's pages. */
export interface FlowDoor {
  readonly version: ApiVersion | 'my-account';
  readonly tenantDomain: string;
}

/** What a code is for, and nothing else. */
export type FlowStep = 'recover password' | 'recover username' | 'resend' | 'reset' | 'flow';

/** 256 random bits, base64url. */
export function newFlowCode(): string {
  return randomBytes(32).toString('base64url');
}

/** What the database keeps. The version and the step are part of it: a code that is presented elsewhere is one that nobody has (S27). */
export function hashOfFlowCode(version: FlowDoor['version'], step: FlowStep, code: string): Buffer {
  return createHash('sha256').update(`${version}\0${step}\0${code}`).digest();
}
