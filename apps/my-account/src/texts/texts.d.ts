import type account from './en_US/account.json';
import type entry from './en_US/entry.json';

declare module 'i18next' {
  interface ResourceNamespaceMap {
    account: typeof account;
    entry: typeof entry;
  }
}
