export { createNotificationService, type NotificationService, type NotificationServiceOptions } from './notification-service.ts';
