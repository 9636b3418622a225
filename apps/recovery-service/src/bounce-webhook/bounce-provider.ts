import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Bounce } from '@rekey/events';

/** A request of a provider, as it came. */
export interface SentReport {
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: unknown;
}

/** How one provider tells of mails that came back. */
export interface BounceProvider {
  /** Whether who sent it knows this secret, and sent it now. Whatever is in the report: it is believed only then. */
  isSignedWith(secret: string, report: SentReport, now: Date): boolean;
  /** What it tells that concerns us: mails that arrived, or were opened, do not. @throws ApiError RKY-10001 where it is not of the provider's form */
  bouncesIn(body: unknown): readonly Bounce[];
  /** Where the signature is over this alone, and not over what is told: it counts for one report. */
  tokenOf?(body: unknown): string;
}

/** Longer than a request is under way, and shorter than somebody needs who has found one in a log. */
const recentSeconds = 300;

/** @param timestamp seconds since 1970, as text */
export function isRecent(timestamp: string, now: Date): boolean {
  return /^\d{1,12}$/.test(timestamp) && Math.abs(now.getTime() / 1_000 - Number(timestamp)) <= recentSeconds;
}

/** In a time that tells nothing of where they differ. */
export function isSame(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(digestOf(one), 'hex'), Buffer.from(digestOf(other), 'hex'));
}

/** By HTTP Basic, which some have in the place of a signature. @param secret `name:password` */
export function isAskedWith(secret: string, report: SentReport): boolean {
  return isSame(headerOf(report, 'authorization'), `Basic ${Buffer.from(secret).toString('base64')}`);
}

export function hmacOf(secret: string, text: string): string {
  return createHmac('sha256', secret).update(text).digest('hex');
}

export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export function headerOf({ headers }: SentReport, name: string): string {
  const value = headers[name];
  return typeof value === 'string' ? value : '';
}

const maxReasonCharacters = 500;

/** By its Message-ID where the provider tells that: it names one mail, and an address may be anybody's. @param seconds since 1970 */
export function bounceOf({ kind, messageId, address, reason, seconds }: { readonly kind: Bounce['kind']; readonly messageId?: string | undefined; readonly address: string; readonly reason: string; readonly seconds: number }): Bounce {
  const told = reason.slice(0, maxReasonCharacters).replace(/\0|\p{Surrogate}/gu, '') || 'no reason was given';
  return { kind, reason: told, at: new Date(seconds * 1_000).toISOString(), ...(messageId ? { messageId } : { address }) };
}
