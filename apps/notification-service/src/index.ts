export { createNotificationService, notificationMigrations, type NotificationService, type NotificationServiceOptions } from './notification-service.ts';
export { notificationServiceSource } from './delivery/outcome-reports.ts';
export { MissingSettingError } from './service-settings.ts';
