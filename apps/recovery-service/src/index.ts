export { notificationServicesAt, NotificationServiceAway, type AskNotificationService } from './notification-service/notification-services.ts';
export { createRecoveryService, type RecoveryService, type RecoveryServiceOptions } from './recovery-service.ts';
export { isStray } from '@rekey/governance';
export { ensureDemoUser } from './demo-user.ts';
export { assertSamplePasswordChanged } from './sample-password.ts';
