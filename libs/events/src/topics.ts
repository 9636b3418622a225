/** The three topics of the contract. The partition key of every record is the user id, so one person's events stay in order. */
export const topics = {
  /** What recovery and other services publish. */
  recovery: 'recovery.events.v1',
  /** What came of each notification. */
  notification: 'notification.events.v1',
  /** What could not be read, fed from the notification service's dead table. */
  dead: 'recovery.events.v1.dead',
} as const;

/** Who gives users their ids, and alone asks the notification service for what administrators want of it. */
export const recoveryServiceSource = 'urn:rekey:recovery-service';

/** Who tells what came of each mail: believed of nobody else. */
export const notificationServiceSource = 'urn:rekey:notification-service';

export type Topic = (typeof topics)[keyof typeof topics];
