import type { ConnectorSettings, UserManager } from '@rekey/governance';
import type { User } from '@rekey/identity';
import { obstacleOf, recoveryClaims, type Account } from '../recovery/account.ts';
import { nobodyOfId, type DecoyIds } from '../recovery/decoy-id.ts';
import type { SoughtClaim } from '../recovery/sought.ts';
import type { Tells } from '../recovery/told-obstacle.ts';
import type { UsernameRecovery } from '../username-recovery/username-recovery.ts';
import type { FlowDoor } from './flow-code.ts';
import { personOf } from './flow-person.ts';
import { refused, untakenCodes, type FlowRefused } from './flow-refusal.ts';
import { onlyChannelId, type RecoveryFlows, type Started } from './recovery-flows.ts';

export interface UsernameRecoveryFlowParts {
  readonly users: UserManager;
  readonly settings: ConnectorSettings;
  readonly recovery: UsernameRecovery;
  readonly flows: RecoveryFlows;
  readonly decoyIds: DecoyIds;
  /** Asked each time: it follows `deployment.toml`. */
  readonly tells: () => Tells;
}

export type UsernameTold =
  | { readonly kind: 'mailed' }
  /** For a caller who brings it to the person. */
  | { readonly kind: 'handed-over'; readonly user: User };

/** WSO2's username recovery by steps: who it is, by claims, and then the channel. */
export class UsernameRecoveryFlow {
  constructor(private readonly parts: UsernameRecoveryFlowParts) {}

  /** A caller who notifies is handed the name, or learns here that there is none to hand over. */
  async start(door: FlowDoor, claims: readonly SoughtClaim[]): Promise<Started | FlowRefused> {
    const { settings, recovery, flows, decoyIds, tells } = this.parts;
    const found = await recovery.find(door.tenantDomain, claims);
    if (found.kind === 'refused') return refused(found.code === '20031' ? 'UNR-10001' : found.code);
    const { manageInternally } = await settings.accountRecovery(door.tenantDomain);
    const person = manageInternally ? personOf(found, obstacleOf, tells(), decoyIds) : personOf(found, () => null, { ...tells(), existence: true }, decoyIds);
    return person.kind === 'refused' ? person : flows.start(door, 'username', person, manageInternally ? 'EMAIL' : 'EXTERNAL');
  }

  async tell(door: FlowDoor, recoveryCode: string, channelId: string): Promise<UsernameTold | FlowRefused> {
    const { users, settings, recovery, flows } = this.parts;
    if (!(await settings.accountRecovery(door.tenantDomain)).usernameRecovery) return refused('UNR-10001');
    if (channelId !== onlyChannelId) return refused('UAR-10004');
    const use = await flows.takeRecoveryCode(door, 'username', recoveryCode);
    if (use.kind !== 'taken') return refused(untakenCodes[use.kind]);
    const { userId, channel } = use.flow;
    const nobody = nobodyOfId(use.flow);
    const { user, claims } = await users.findUserWithClaims(userId, nobody, recoveryClaims);
    const account: Account = { user: user ?? nobody, claims };
    if (channel === 'EXTERNAL') return user ? { kind: 'handed-over', user } : refused('UAR-10001');
    await recovery.mail(user ? { kind: 'found', account } : { kind: 'nobody', decoy: account });
    return { kind: 'mailed' };
  }
}
