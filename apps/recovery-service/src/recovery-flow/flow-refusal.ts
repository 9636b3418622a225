import type { ToldCode } from '../recovery/told-obstacle.ts';
import type { CodeUse } from './recovery-flow-statements.ts';

/** A step that leads nowhere, by WSO2's code for it. */
export interface FlowRefused {
  readonly kind: 'refused';
  readonly code: FlowRefusalCode;
}

export type FlowRefusalCode =
  | '20014' | 'UNR-10001'
  | 'PWR-10002' | 'PWR-10004' | 'PWR-10007'
  | 'UAR-10001' | 'UAR-10002' | 'UAR-10003' | 'UAR-10004' | 'UAR-10007' | 'UAR-10008' | 'UAR-10012' | 'UAR-10013' | 'UAR-10015'
  | 'UAR-17003' | 'UAR-17004';

export function refused(code: FlowRefusalCode): FlowRefused {
  return { kind: 'refused', code };
}

/** Why a code that is good for one call was not taken. Only whoever has had the code learns the difference. */
export const untakenCodes = { unknown: 'UAR-10008', expired: 'UAR-10013', used: 'UAR-10001' } as const satisfies Record<Exclude<CodeUse['kind'], 'taken'>, FlowRefusalCode>;

/** By configuration, so the same for everyone. */
export const refusalCodes = { '20017': 'PWR-10002', '20044': 'PWR-10007' } as const satisfies Record<string, FlowRefusalCode>;

export const toldCodes = { '18003': 'UAR-10002', '18018': 'UAR-10003', '17003': 'UAR-17003', '17004': 'UAR-17004' } as const satisfies Record<ToldCode, FlowRefusalCode>;
