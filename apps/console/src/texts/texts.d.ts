import type shell from './en_US/shell.json';

declare module 'i18next' {
  interface ResourceNamespaceMap {
    shell: typeof shell;
  }
}
