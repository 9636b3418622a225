import type { ConnectorSettings } from '@rekey/governance';
import type { User, UserName } from '@rekey/identity';
import type { SqlExecutor } from '@rekey/messaging';
import type { HandedOver, HandOverOutcome, PasswordRecovery, RequestOptions, RequestOutcome } from '../password-recovery/password-recovery.ts';
import type { PasswordReset, ResetOptions, ResetOutcome } from '../password-recovery/password-reset.ts';
import { barTo, obstacleOf } from '../recovery/account.ts';
import type { KeyProof } from '../recovery/key-statements.ts';
import type { OneTimeCodes } from '../recovery/one-time-codes.ts';
import type { SecretKind } from '../recovery/recovery-statements.ts';
import { seekByClaims, seekByName, seekByNameAndClaims, type SeekingParts, type Sought, type SoughtClaim } from '../recovery/sought.ts';
import { tellsNothing, type Tells } from '../recovery/told-obstacle.ts';
import { hashOfFlowCode, newFlowCode, type FlowDoor } from './flow-code.ts';
import { personOf } from './flow-person.ts';
import { refusalCodes, refused, toldCodes, untakenCodes, type FlowRefused } from './flow-refusal.ts';
import type { Channel, Flow } from './recovery-flow-statements.ts';
import { onlyChannelId, type RecoveryFlows, type Started } from './recovery-flows.ts';
import { tryCode } from './try-code.ts';

export interface PasswordRecoveryFlowParts extends SeekingParts {
  readonly database: SqlExecutor;
  readonly settings: ConnectorSettings;
  readonly recovery: PasswordRecovery;
  readonly passwordReset: PasswordReset;
  readonly flows: RecoveryFlows;
  readonly oneTimeCodes: OneTimeCodes;
  /** Asked each time: it follows `deployment.toml`. */
  readonly tells: () => Tells;
}

export interface Notified {
  readonly kind: 'notified';
  readonly channel: Channel;
  readonly flowCode: string;
  readonly resendCode: string;
  /** For a caller who brings it to the person; null where it was mailed. */
  readonly confirmationCode: string | null;
  /** For the audit; the answer does not say it. */
  readonly outcome: RequestOutcome | HandOverOutcome;
}

export interface Confirmed {
  readonly kind: 'confirmed';
  readonly resetCode: string;
  readonly user: User;
}

/**
 * WSO2's password recovery by steps: who it is, by which channel, the code from there, the new password. Each step gives the code for the
 * next. Whoever is not there goes all the way too, by codes that are as good, to a confirmation that nobody can give.
 */
export class PasswordRecoveryFlow {
  constructor(private readonly parts: PasswordRecoveryFlowParts) {}

  /** @param others of `searchableClaims`, which the account must have, too */
  async start(door: FlowDoor, name: UserName, others: readonly SoughtClaim[]): Promise<Started | FlowRefused> {
    return this.startFor(door, async () => (others.length === 0 ? seekByName(this.parts, name) : seekByNameAndClaims(this.parts, name, others)));
  }

  /** @param claims of `searchableClaims`, which one account must all have */
  async startByClaims(door: FlowDoor, claims: readonly SoughtClaim[]): Promise<Started | FlowRefused> {
    return this.startFor(door, async () => seekByClaims(this.parts, door.tenantDomain, claims));
  }

  /** All of it up to the mail at once, for a person at My Account's pages: whatever portals are told of who exists, nobody is told here. */
  async mailCode(door: FlowDoor, name: UserName, clientAddress: string): Promise<Notified | FlowRefused> {
    const started = await this.startFor(door, async () => seekByName(this.parts, name), tellsNothing);
    return started.kind === 'refused' ? started : this.notify(door, started.recoveryCode, onlyChannelId, { clientAddress, byClient: true });
  }

  async notify(door: FlowDoor, recoveryCode: string, channelId: string, { callback, clientAddress, byClient }: Pick<RequestOptions, 'callback' | 'clientAddress'> & HandedOver): Promise<Notified | FlowRefused> {
    const { recovery, flows } = this.parts;
    const mailed = await this.mailedBy(door);
    const permitted = await recovery.permitted(door.tenantDomain, { callback, mailed });
    if (permitted.kind === 'refused') return refused(refusalCodes[permitted.code]);
    if (channelId !== onlyChannelId) return refused('UAR-10004');
    const use = await flows.takeRecoveryCode(door, 'password', recoveryCode);
    if (use.kind !== 'taken') return refused(untakenCodes[use.kind]);
    const outcome = use.flow.channel === 'EXTERNAL' ? await recovery.handOver(use.flow, { callback, byClient }) : await recovery.request(use.flow, { callback, clientAddress, secretKind: mailed ?? 'key' });
    return this.notified(door, use.flow, outcome);
  }

  /** What the flow has mailed once more, as long as nothing newer was; where the caller notifies, another key: of the old one only the hash is kept. */
  async notifyAgain(door: FlowDoor, resendCode: string, { byClient }: HandedOver): Promise<Notified | FlowRefused> {
    const { recovery, flows } = this.parts;
    const mailed = await this.mailedBy(door);
    const permitted = await recovery.permitted(door.tenantDomain, { mailed });
    if (permitted.kind === 'refused') return refused(refusalCodes[permitted.code]);
    const use = await flows.takeResendCode(door, resendCode);
    if (use.kind !== 'taken') return refused(untakenCodes[use.kind]);
    const { flow } = use;
    if (flow.channel === 'EXTERNAL') return this.notified(door, flow, await recovery.handOver(flow, { byClient }));
    const outcome = await recovery.resendOf(flow, flow.recovery, mailed ?? 'key');
    if (outcome.kind === 'accepted' && outcome.recovery === null && flow.recovery !== null) return refused('UAR-10012');
    return this.notified(door, flow, outcome);
  }

  /** @param key of a link, or handed over: it leads here whichever way it was asked for, and stays live */
  async confirm(door: FlowDoor, key: string): Promise<Confirmed | FlowRefused> {
    const resetCode = newFlowCode();
    const user = await this.parts.passwordReset.confirm(key, door.tenantDomain, hashOfFlowCode(door.version, 'reset', resetCode));
    return user ? { kind: 'confirmed', resetCode, user } : refused('UAR-10001');
  }

  /**
   * A flow that has mailed nothing takes the code that an administrator's reset has mailed, and says of every other that it is wrong: nobody
   * learns whose password was reset.
   * @param code as it was mailed to the person of the flow; right once
   */
  async confirmByCode(door: FlowDoor, flowCode: string, code: string): Promise<Confirmed | FlowRefused> {
    const { database, users, settings, recovery, flows, oneTimeCodes } = this.parts;
    const flow = await flows.find(door, flowCode);
    if (!flow) return refused('UAR-10008');
    const over = refused(flow.hasAsked ? 'UAR-10015' : 'UAR-10001');
    const held = flow.recovery ?? (flow.hasAsked ? null : await recovery.forcedCode(flow));
    if (!held) return over;
    const resetCode = newFlowCode();
    const { maxFailedAttempts } = await settings.accountRecovery(door.tenantDomain);
    const verdict = await tryCode(database, { flowId: flow.flowId, held, codeHash: oneTimeCodes.hashOf(held.recoveryId, code), resetCodeHash: hashOfFlowCode(door.version, 'reset', resetCode), maxFailedAttempts });
    if (verdict !== 'right') return verdict === 'wrong' ? refused('UAR-10001') : over;
    if (!flow.recovery) await flows.leadTo(door, flow, { ...held, isNew: false });
    const user = await users.findUserById(held.userId);
    return user ? { kind: 'confirmed', resetCode, user } : over;
  }

  /**
   * The code that an administrator's reset has mailed, for a person at My Account's pages, who has asked for nothing: whether or not people may ask for one there.
   * Each try is a flow of its own; what all of them may guess together the account's hour says.
   */
  async confirmForced(door: FlowDoor, name: UserName, code: string): Promise<(Confirmed & { readonly flowCode: string }) | FlowRefused> {
    const person = personOf(await seekByName(this.parts, name), obstacleOf, tellsNothing, this.parts.decoyIds);
    if (person.kind === 'refused') return person;
    const { flowCode } = await this.parts.flows.start(door, 'password', person, 'EMAIL');
    const outcome = await this.confirmByCode(door, flowCode, code);
    return outcome.kind === 'confirmed' ? { ...outcome, flowCode } : outcome;
  }

  /** @param flowCode v2's; the reset code must have come of that flow. null: v1 has none */
  async reset(door: FlowDoor, resetCode: string, flowCode: string | null, password: string, options: ResetOptions): Promise<ResetOutcome | FlowRefused> {
    const flow = flowCode === null ? null : await this.parts.flows.find(door, flowCode);
    if (flowCode !== null && !flow) return refused('UAR-10008');
    if (flow && !flow.recovery) return refused('UAR-10015');
    const proof: KeyProof = { by: 'reset-code', hash: hashOfFlowCode(door.version, 'reset', resetCode), recoveryId: flow?.recovery?.recoveryId ?? null };
    const outcome = await this.parts.passwordReset.reset(proof, password, door.tenantDomain, options);
    return outcome.kind === 'key-not-live' ? refused('UAR-10001') : outcome;
  }

  private async startFor(door: FlowDoor, seek: () => Promise<Sought | null>, tells = this.parts.tells()): Promise<Started | FlowRefused> {
    const { recovery, flows, decoyIds } = this.parts;
    const mailed = await this.mailedBy(door);
    if ((await recovery.permitted(door.tenantDomain, { mailed })).kind === 'refused') return refused('PWR-10004');
    const sought = await seek();
    if (!sought) return refused('20014');
    const person = personOf(sought, mailed ? obstacleOf : barTo, tells, decoyIds);
    return person.kind === 'refused' ? person : flows.start(door, 'password', person, mailed ? 'EMAIL' : 'EXTERNAL');
  }

  /** @returns undefined where the caller notifies. v1 has no field for the flow beside a code, and one of six characters alone could be anybody's. */
  private async mailedBy({ version, tenantDomain }: FlowDoor): Promise<SecretKind | undefined> {
    const { manageInternally, otpByEmail } = await this.parts.settings.accountRecovery(tenantDomain);
    if (!manageInternally) return undefined;
    return version !== 'v1' && otpByEmail ? 'code' : 'key';
  }

  private async notified(door: FlowDoor, flow: Flow, outcome: RequestOutcome | HandOverOutcome): Promise<Notified | FlowRefused> {
    switch (outcome.kind) {
      case 'refused':
        return refused(refusalCodes[outcome.code]);
      case 'told':
        return refused(toldCodes[outcome.code]);
      case 'accepted':
      case 'issued': {
        const codes = await this.parts.flows.leadTo(door, flow, outcome.recovery);
        return { kind: 'notified', channel: flow.channel, ...codes, confirmationCode: outcome.kind === 'issued' ? outcome.key : null, outcome };
      }
    }
  }
}
