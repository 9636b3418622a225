export { createRecoveryService, eventSource, type RecoveryService, type RecoveryServiceOptions } from './recovery-service.ts';
export { ensureDemoUser } from './demo-user.ts';
export { assertSamplePasswordChanged } from './sample-password.ts';
