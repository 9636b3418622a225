import type account from './en_US/account.json';
import type entry from './en_US/entry.json';
import type newPassword from './en_US/new-password.json';
import type recovery from './en_US/recovery.json';

declare module 'i18next' {
  interface ResourceNamespaceMap {
    account: typeof account;
    entry: typeof entry;
    'new-password': typeof newPassword;
    recovery: typeof recovery;
  }
}
