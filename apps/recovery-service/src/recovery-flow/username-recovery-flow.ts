import type { ConnectorSettings, UserManager } from '@rekey/governance';
import type { User } from '@rekey/identity';
import { addressOf, obstacleOf, recoveryClaims, type Account } from '../recovery/account.ts';
import { nobodyOfId } from '../recovery/decoy-id.ts';
import type { Tells } from '../recovery/told-obstacle.ts';
import { nameIn, soughtClaims, type SoughtClaim } from '../username-recovery/sought-claims.ts';
import type { UsernameRecovery } from '../username-recovery/username-recovery.ts';
import type { FlowDoor } from './flow-code.ts';
import { onlyChannelId, refused, toldRefusal, untakenCodes, type FlowRefused } from './flow-refusal.ts';
import type { RecoveryFlows, Started } from './recovery-flows.ts';

export interface UsernameRecoveryFlowParts {
  readonly users: UserManager;
  readonly settings: ConnectorSettings;
  readonly recovery: UsernameRecovery;
  readonly flows: RecoveryFlows;
  /** Asked each time: they follow `deployment.toml`. */
  readonly limits: () => { readonly tells: Tells };
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
    const { settings, recovery, flows, limits } = this.parts;
    const found = await recovery.find(door.tenantDomain, claims);
    if (found.kind === 'refused') return refused(found.code === '20031' ? 'UNR-10001' : found.code);
    const { manageInternally } = await settings.accountRecovery(door.tenantDomain);
    const account = found.kind === 'found' ? found.account : found.decoy;
    const obstacle = found.kind !== 'found' ? 'no-such-user' : manageInternally ? obstacleOf(account) : null;
    const told = toldRefusal(obstacle, found.kind === 'several', manageInternally ? limits().tells : { ...limits().tells, existence: true });
    if (told) return told;
    const name = nameIn(soughtClaims(claims) ?? {});
    return flows.start(door, 'username', { userId: account.user.id, address: addressOf(account), name }, manageInternally ? 'EMAIL' : 'EXTERNAL');
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
