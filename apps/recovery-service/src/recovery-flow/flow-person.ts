import { addressOf, type Account, type Obstacle } from '../recovery/account.ts';
import type { DecoyIds } from '../recovery/decoy-id.ts';
import type { Sought } from '../recovery/sought.ts';
import { toldCode, type Tells } from '../recovery/told-obstacle.ts';
import { refused, toldCodes, type FlowRefused } from './flow-refusal.ts';

/** Whom a flow is for, be they there or not. */
export interface FlowPerson {
  readonly kind: 'person';
  readonly userId: string;
  /** null where callers do not learn whether there is one. */
  readonly shownAddress: string | null;
}

/**
 * Where callers are told why there is no recovery for whoever was looked for, that is the answer. Else whoever gets none goes on as a decoy:
 * an account that is there as the one that My Account makes of its name, since a newer request at either door ends an older one.
 */
export function personOf(sought: Sought, obstacleTo: (account: Account) => Obstacle | null, tells: Tells, decoyIds: DecoyIds): FlowPerson | FlowRefused {
  const isFound = sought.kind === 'found';
  const account = isFound ? sought.account : sought.decoy;
  // Of nobody too, whose id it is already where they are looked for by name: same work (S2).
  const [ofAccount, decoyId] = [obstacleTo(account), decoyIds.idOf(account.user)];
  const obstacle = isFound ? ofAccount : 'no-such-user';
  const told = toldCode(obstacle, tells);
  // More than one account has the claims, which is nobody in particular.
  if (told !== null) return refused(sought.kind === 'several' ? 'UAR-10007' : toldCodes[told]);
  return { kind: 'person', userId: isFound && obstacle !== null ? decoyId : account.user.id, shownAddress: isFound && tells.existence && tells.address ? addressOf(account) : null };
}
