import type { DeploymentConfig } from '@rekey/deployment-config';
import type { Obstacle } from './account.ts';

export type Tells = DeploymentConfig['passwordRecovery']['tells'];

export const tellsNothing: Tells = { existence: false, address: false, status: false };

/** WSO2's codes for what its `notify_…` flags tell. */
export type ToldCode = '18003' | '18018' | '17003' | '17004';

const codes = {
  'no-such-user': { flag: 'existence', code: '18003' },
  'no-address': { flag: 'address', code: '18018' },
  disabled: { flag: 'status', code: '17004' },
  locked: { flag: 'status', code: '17003' },
} as const satisfies Record<Obstacle, { flag: keyof Tells; code: ToldCode }>;

/** What a caller with credentials is told of an account that gets no link: nothing, unless `deployment.toml` says so. */
export function toldCode(obstacle: Obstacle | null, tells: Tells): ToldCode | null {
  if (obstacle === null) return null;
  const { flag, code } = codes[obstacle];
  return tells[flag] ? code : null;
}
