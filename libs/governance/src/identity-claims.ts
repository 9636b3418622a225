import { IdentityDataStore, type Claims, type UserStore } from '@rekey/identity';
import type { SqlExecutor } from '@rekey/messaging';
import { identityClaimPrefix } from './account-status.ts';

/** A user's claims as they stand until the transaction ends. */
export interface HeldClaims {
  readonly claims: Claims;
  /** The database's clock. */
  readonly now: Date;
}

/**
 * For rules that read identity claims and write them in one transaction, which no operation of the chain can: they are where
 * `governance_identity_store` has them kept.
 */
export class IdentityClaims {
  private readonly dataStore = new IdentityDataStore();

  /** @param kept as `[event.default_listener.governance_identity_store]` says */
  constructor(
    private readonly userStore: UserStore,
    private readonly kept: { readonly apart: boolean; readonly hybrid: boolean },
  ) {}

  /** Every claim of a user, whom nobody else changes until the transaction ends; null for nobody. */
  async hold(tx: SqlExecutor, userId: string): Promise<HeldClaims | null> {
    const held = await this.userStore.hold(tx, userId);
    if (!held) return null;
    const { claims, identityData, now } = held;
    if (!this.kept.apart) return { claims, now };
    const fromUserStore = this.kept.hybrid ? claims : Object.fromEntries(Object.entries(claims).filter(([uri]) => !uri.startsWith(identityClaimPrefix)));
    return { claims: { ...fromUserStore, ...identityData }, now };
  }

  /** Sets the given identity claims and leaves the others. Of nobody: nothing, with the same statement. */
  async set(tx: SqlExecutor, userId: string, claims: Claims): Promise<void> {
    await (this.kept.apart ? this.dataStore : this.userStore).setClaims(tx, userId, claims);
    // What is written here is not to be found there: a blank one would come back.
    if (this.kept.apart && this.kept.hybrid) await this.userStore.setClaims(tx, userId, Object.fromEntries(Object.keys(claims).map((uri) => [uri, ''])));
  }
}
