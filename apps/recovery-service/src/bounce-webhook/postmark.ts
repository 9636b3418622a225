import type { Bounce } from '@rekey/events';
import { z } from 'zod';
import { boundedText, parseBody } from '../http/body.ts';
import { bounceOf, isAskedWith, type BounceProvider } from './bounce-provider.ts';

export const postmarkReport = z.object({ RecordType: z.string(), Type: z.string().optional(), Email: boundedText(320).optional(), BouncedAt: z.iso.datetime({ offset: true }).max(40).optional(), Description: z.string().default(''), Details: z.string().default('') });

/** Of its types those that say something of the address; the others are answers, subscriptions and the like. */
const kinds: Readonly<Record<string, Bounce['kind']>> = {
  HardBounce: 'hard',
  BadEmailAddress: 'hard',
  SpamComplaint: 'complaint',
  Transient: 'soft',
  SoftBounce: 'soft',
  DnsError: 'soft',
  Blocked: 'soft',
  SpamNotification: 'soft',
  VirusNotification: 'soft',
  DMARCPolicy: 'soft',
  SMTPApiError: 'soft',
};

/** It signs nothing, but asks with a name and a password. It gives mails Message-IDs of its own: what it tells is found by the address. */
export const postmark: BounceProvider = {
  isSignedWith: isAskedWith,
  bouncesIn(body) {
    const { RecordType: record, Type: type = record, Email: address, BouncedAt: at, Description: description, Details: details } = parseBody(postmarkReport, body);
    const kind = record === 'Bounce' || record === 'SpamComplaint' ? kinds[type] : undefined;
    return kind === undefined || address === undefined || at === undefined ? [] : [bounceOf({ kind, address, reason: details || description, seconds: Date.parse(at) / 1_000 })];
  },
};
