export { createNotificationService, type NotificationService, type NotificationServiceOptions } from './notification-service.ts';
export { MissingSettingError } from './service-settings.ts';
