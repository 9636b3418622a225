import { governanceMigrations } from '@rekey/governance';
import { identityMigrations } from '@rekey/identity';
import { CreateOutbox1764000000000, LeaveRoomInOutbox1765140000000 } from '@rekey/messaging';
import { CreateCaptcha1764213100000 } from './captcha/create-captcha.ts';
import { CreateForcedReset1764220000000 } from './forced-reset/create-forced-reset.ts';
import { CreateIdempotency1764219000000 } from './idempotency/create-idempotency.ts';
import { CreateMailPreview1765073000000 } from './mail-template/create-mail-preview.ts';
import { CreateRateLimit1764000250000 } from './rate-limit/create-rate-limit.ts';
import { KeyPseudonyms1764150100000 } from './rate-limit/key-pseudonyms.ts';
import { CountCodesByFlow1764224000000 } from './recovery-flow/count-codes-by-flow.ts';
import { CreateRecoveryFlow1764214000000 } from './recovery-flow/create-recovery-flow.ts';
import { AddRecoveryScenario1764224100000 } from './recovery/add-recovery-scenario.ts';
import { CreateRecovery1764000200000 } from './recovery/create-recovery.ts';
import { KeepCallback1765031000000 } from './recovery/keep-callback.ts';
import { KeepTraceparent1765046000000 } from './recovery/keep-traceparent.ts';
import { FindSignUps1764227000000 } from './self-registration/find-sign-ups.ts';

/** Of everything that the service keeps in its database. */
export const recoveryServiceMigrations = [
  ...identityMigrations,
  ...governanceMigrations,
  CreateOutbox1764000000000,
  CreateRecovery1764000200000,
  CreateRateLimit1764000250000,
  KeyPseudonyms1764150100000,
  CreateCaptcha1764213100000,
  CreateRecoveryFlow1764214000000,
  CreateIdempotency1764219000000,
  CreateForcedReset1764220000000,
  CountCodesByFlow1764224000000,
  AddRecoveryScenario1764224100000,
  FindSignUps1764227000000,
  KeepCallback1765031000000,
  KeepTraceparent1765046000000,
  CreateMailPreview1765073000000,
  LeaveRoomInOutbox1765140000000,
];
