import type { UserManager } from '@rekey/governance';
import type { User, UserName } from '@rekey/identity';
import type { Database } from '@rekey/messaging';
import type { Logger } from '@rekey/observability';
import { recoveryClaims, type Account, type Obstacle } from './account.ts';
import { nobodyOfId, type DecoyIds } from './decoy-id.ts';
import { momentOf, type RecoveryMoment, type RecoveryPurpose, type RecoverySubject, type Repeats } from './recovery-statements.ts';

/** Who is meant: by name, or an account that was found before, which may have changed since. */
export type Whom = UserName | { readonly userId: string; readonly tenantDomain: string };

export interface AskingParts {
  readonly database: Database;
  readonly users: UserManager;
  readonly decoyIds: DecoyIds;
  /** Asked each time: it follows `deployment.toml`. */
  readonly limits: () => Repeats;
  readonly log: Logger;
}

/** Who was asked for, and how their key stands. */
export interface Asked {
  readonly account: Account;
  readonly subject: RecoverySubject;
  readonly moment: RecoveryMoment;
  /** Why there is no key for them; null where there is one. */
  readonly obstacle: Obstacle | null;
}

/**
 * Nobody, and whoever gets no key, becomes a decoy: the same work on a row of its own. It is the same row whether they are asked for by name
 * or by an id that was given them before, as a real person has one.
 */
export async function askFor({ database, users, decoyIds, limits, log }: AskingParts, whom: Whom, purpose: RecoveryPurpose, obstacleTo: (account: Account) => Obstacle | null | Promise<Obstacle | null>): Promise<Asked> {
  const nobody: User = 'userId' in whom ? nobodyOfId(whom) : { id: decoyIds.idOf(whom), ...whom };
  const { user: found, claims, claimsGeneration } = await users.findUserWithClaims('userId' in whom ? whom.userId : whom, nobody, recoveryClaims);
  const ofAccount = await obstacleTo({ user: found ?? nobody, claims });
  const obstacle = found ? ofAccount : 'no-such-user';
  // Not at `info`: writing a line takes time, which would tell a stranger that there is such a user.
  if (found && obstacle !== null) log.debug({ userId: found.id, purpose, obstacle }, 'no recovery mail for this user');
  // Nobody's is worked out too; with the claims of whom it stands for it costs what they would, and what is made of them goes nowhere.
  const decoyId = decoyIds.idOf(found ?? nobody);
  const account: Account = { user: found ? { ...found, id: obstacle === null ? found.id : decoyId } : nobody, claims };
  const subject: RecoverySubject = { userId: account.user.id, purpose, decoy: obstacle !== null, claimsGeneration };
  return { account, subject, moment: await momentOf(database, subject, limits()), obstacle };
}
