import type { Refused } from '@rekey/governance';
import type { User } from '@rekey/identity';
import { ApiError } from '../http/error-catalogue.ts';
import { operationRefused } from '../http/refused-by-own-rule.ts';

/** `callback`: where the person goes on, as long as the tenant allows it. */
export interface Confirmed {
  readonly kind: 'confirmed';
  readonly user: User;
  readonly callback: string | null;
}

export type ConfirmationOutcome = Confirmed | { readonly kind: 'key-not-live' } | Refused;

/** @throws ApiError where nothing was confirmed */
export function confirmedOrRefused(outcome: ConfirmationOutcome): Confirmed {
  switch (outcome.kind) {
    case 'confirmed':
      return outcome;
    case 'key-not-live':
      throw new ApiError('18001');
    case 'refused':
      throw operationRefused(outcome);
  }
}
