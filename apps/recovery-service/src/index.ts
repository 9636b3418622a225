export { createRecoveryService, eventSource, type RecoveryService, type RecoveryServiceOptions } from './recovery-service.ts';
