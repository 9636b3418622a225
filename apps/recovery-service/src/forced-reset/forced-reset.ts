import type { ResetWay } from '@rekey/governance';
import type { User } from '@rekey/identity';

/** `queued` until an instance of the service takes it up. */
export const forcedResetStates = ['queued', 'running', 'paused', 'done', 'cancelled'] as const;
export type ForcedResetState = (typeof forcedResetStates)[number];

/** How many users, by the reason. */
export type UsersByReason = Readonly<Record<string, number>>;

/** A reset that an administrator forces upon many. */
export interface ForcedReset {
  readonly id: string;
  readonly tenantDomain: string;
  /** SCIM's; null: it has a list. */
  readonly filter: string | null;
  /** null: as the tenant has it. */
  readonly way: ResetWay | null;
  readonly state: ForcedResetState;
  readonly startedBy: User;
  /** Of a filter: how many it found at the start, and in the end how many there were. */
  readonly total: number;
  readonly done: number;
  /** Why the listener chain refused it. */
  readonly failed: UsersByReason;
  readonly skipped: UsersByReason;
  /** The last user that was taken, by name where it has a filter, by id where it has a list; null before the first. */
  readonly cursor: string | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

/** What became of one user. `no-such-user`: unknown, or deleted before their turn; `oneself`: nobody locks themselves out. `has-role`: nor the helpdesk those who run the tenant. */
export type ForcedOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'skipped'; readonly reason: 'no-such-user' | 'oneself' | 'has-role' };

/** What an administrator does to one. */
export type ForcedResetMove = 'pause' | 'resume' | 'cancel';
