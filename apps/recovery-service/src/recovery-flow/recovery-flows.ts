import { randomUUID } from 'node:crypto';
import type { AccountRecoveryApiSettings } from '@rekey/deployment-config';
import type { SqlExecutor } from '@rekey/messaging';
import { KeyedDigest } from '../keyed-digest.ts';
import type { LedTo } from '../recovery/recovery-statements.ts';
import { hashOfFlowCode, newFlowCode, type FlowDoor } from './flow-code.ts';
import type { FlowPerson } from './flow-person.ts';
import { anybodysMask, maskedAddress } from './masked-address.ts';
import { findFlow, leadTo, startFlow, takeRecoveryCode, takeResendCode, type Channel, type CodeUse, type Flow } from './recovery-flow-statements.ts';

/** Mail alone, or whoever calls. */
export const onlyChannelId = '1';

export interface Started {
  readonly kind: 'started';
  readonly recoveryCode: string;
  readonly flowCode: string;
  readonly channel: Channel;
  /** Where the mail would go, or anybody's; null where the caller notifies. */
  readonly maskedAddress: string | null;
}

/** The codes that lead from one step of a recovery to the next. Every one is good for its own step, of its own flow, version and tenant. */
export class RecoveryFlows {
  private readonly digest: KeyedDigest;

  /** @param settings asked each time: they follow `deployment.toml` */
  constructor(
    private readonly database: SqlExecutor,
    seed: string,
    private readonly settings: () => AccountRecoveryApiSettings,
  ) {
    this.digest = new KeyedDigest(seed, 'rekey flow codes');
  }

  async start({ version, tenantDomain }: FlowDoor, purpose: 'password' | 'username', { userId, shownAddress }: FlowPerson, channel: Channel): Promise<Started> {
    const [flowId, recoveryCode] = [randomUUID(), newFlowCode()];
    const flowCode = this.codeOf(flowId);
    await startFlow(this.database, {
      flowId,
      tenantDomain,
      userId,
      channel,
      recoveryCodeHash: hashOfFlowCode(version, `recover ${purpose}`, recoveryCode),
      recoveryCodeSeconds: this.settings().recoveryCodeSeconds,
      flowCodeHash: hashOfFlowCode(version, 'flow', flowCode),
    });
    return { kind: 'started', recoveryCode, flowCode, channel, maskedAddress: channel === 'EXTERNAL' ? null : shownAddress === null ? anybodysMask : maskedAddress(shownAddress) };
  }

  async takeRecoveryCode({ version, tenantDomain }: FlowDoor, purpose: 'password' | 'username', code: string): Promise<CodeUse> {
    return takeRecoveryCode(this.database, hashOfFlowCode(version, `recover ${purpose}`, code), tenantDomain);
  }

  async takeResendCode({ version, tenantDomain }: FlowDoor, code: string): Promise<CodeUse> {
    return takeResendCode(this.database, hashOfFlowCode(version, 'resend', code), tenantDomain);
  }

  /** @param recovery null where nothing was issued, since the person has had enough mails. @returns the resend code, and the flow's own, which stays the same */
  async leadTo({ version }: FlowDoor, { flowId }: Flow, recovery: LedTo | null): Promise<{ readonly resendCode: string; readonly flowCode: string }> {
    const resendCode = newFlowCode();
    await leadTo(this.database, flowId, recovery, hashOfFlowCode(version, 'resend', resendCode), this.settings().resendCodeSeconds);
    return { resendCode, flowCode: this.codeOf(flowId) };
  }

  async find({ version, tenantDomain }: FlowDoor, flowCode: string): Promise<Flow | null> {
    return findFlow(this.database, hashOfFlowCode(version, 'flow', flowCode), tenantDomain);
  }

  /** Several answers of a flow tell it, and only its hash is kept: so it can be made again. */
  private codeOf(flowId: string): string {
    return this.digest.of([flowId], 'base64url');
  }
}
