import { z } from 'zod';
import { timeSince1970 } from './delivery-request.ts';
import { text } from './storable-text.ts';

/** The type of the signed request about the addresses of a tenant that are not mailed to. */
export const suppressionRequestType = 'SuppressionRequest';

export const suppressedAddressId = z.string().regex(/^[0-9a-f]{64}$/, 'expected an id as the list gives it');
const address = text(320);

export const newSuppression = z.strictObject({ address, reason: text(500) });

/** What a relay or a provider tells of a mail that came back: by the address, or by the Message-ID. */
export const bounce = z
  .strictObject({ address: address.optional(), messageId: text(255).optional(), kind: z.enum(['hard', 'soft', 'complaint']), reason: text(500), at: timeSince1970.optional() })
  .refine((told) => (told.address === undefined) !== (told.messageId === undefined), 'expected either an address or a messageId');

export type Bounce = z.output<typeof bounce>;

/** Of those that one request tells of. */
export const mostBounces = 500;

const digest = z.string().regex(/^[0-9a-f]{64}$/, 'expected SHA-256 in hex');

const ofTenant = { tenantDomain: text(255) };
const by = text(600);

export const suppressionRequest = z.discriminatedUnion('ask', [
  z.strictObject({ ask: z.literal('list'), ...ofTenant, address: address.optional(), after: suppressedAddressId.optional(), limit: z.int().min(1).max(100) }),
  z.strictObject({ ask: z.literal('add'), ...ofTenant, ...newSuppression.shape, by }),
  z.strictObject({ ask: z.literal('remove'), ...ofTenant, id: suppressedAddressId }),
  /**
   * `tenantDomain` null: of whichever tenants have mailed it. `once`: where whoever told it has a token for each report, and signs no
   * more than that; the digests of the token and of the report.
   */
  z.strictObject({ ask: z.literal('bounces'), tenantDomain: text(255).nullable(), bounces: z.array(bounce).min(1).max(mostBounces), by, once: z.strictObject({ token: digest, report: digest }).optional() }),
]);

export type SuppressionRequest = z.output<typeof suppressionRequest>;

export const suppressedAddress = z.object({
  id: z.string(),
  address: z.string().meta({ description: 'Masked; the list keeps no address, so it can be asked whether one is on it.' }),
  kind: z.enum(['hard', 'complaint', 'administrator']),
  reason: z.string(),
  addedBy: z.string(),
  addedAt: z.iso.datetime(),
});

export type SuppressedAddress = z.output<typeof suppressedAddress>;

export const suppressionOutcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('page'), addresses: z.array(suppressedAddress), next: z.string().nullable() }),
  z.object({ kind: z.literal('suppressed'), address: suppressedAddress }),
  /** Which addresses are on the list since, and how many bounces no mail was found for. */
  z.object({ kind: z.literal('bounced'), suppressed: z.array(z.object({ tenantDomain: z.string(), id: z.string() })), unknown: z.int().min(0) }),
  /** `repeated`: the token of another report. */
  z.object({ kind: z.enum(['removed', 'unknown', 'repeated']) }),
]);

export type SuppressionOutcome = z.output<typeof suppressionOutcome>;
