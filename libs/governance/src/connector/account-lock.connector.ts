import { connector } from './connector.ts';
import { fixed, ratio, secondsInMinutes, toggle, whole } from './property.ts';

const locking = 'identity_mgt.account_locking';

/** What wrong passwords lead to. */
export const accountLock = connector({
  name: 'account.lock.handler',
  friendlyName: 'Account Lock',
  category: 'Login Attempts Security',
  properties: {
    enable: toggle({ name: 'account.lock.handler.lock.on.max.failed.attempts.enable', displayName: 'Lock user accounts on maximum failed attempts', description: 'Locks an account after so many wrong passwords in a row', key: `${locking}.enable_account_locking` }, ({ accountLocking }) => accountLocking.enable),
    allowedFailedAttempts: whole({ name: 'account.lock.handler.On.Failure.Max.Attempts', displayName: 'Maximum failed login attempts', description: 'Wrong passwords in a row that lead to a lock, 1 to 100', key: `${locking}.allowed_failed_attempts` }, 1, 100, ({ accountLocking }) => accountLocking.allowedFailedAttempts),
    autoUnlockAfterSeconds: secondsInMinutes({ name: 'account.lock.handler.Time', displayName: 'Initial account lock duration', description: 'Minutes after which a lock ends by itself; 0: a recovery or an administrator ends it', key: `${locking}.auto_unlock_after` }, 31 * 24 * 60, ({ accountLocking }) => accountLocking.autoUnlockAfterSeconds),
    autoUnlockTimeIncrementRatio: ratio({ name: 'account.lock.handler.login.fail.timeout.ratio', displayName: 'Account lock duration increment factor', description: 'Each further lock lasts so many times as long', key: `${locking}.auto_unlock_time_increment_ratio` }, 1, 100, ({ accountLocking }) => accountLocking.autoUnlockTimeIncrementRatio),
    notify: toggle({ name: 'account.lock.handler.notification.manageInternally', displayName: 'Manage notification sending internally', description: 'Mails the person about locks and unlocks', key: `${locking}.notify` }, ({ accountLocking }) => accountLocking.notify),
    notifyOnLockIncrement: fixed({ name: 'account.lock.handler.notification.notifyOnLockIncrement', displayName: 'Notify user when lock time is increased', description: '' }, 'true', 'whoever is told of locks is told of each'),
  },
});
