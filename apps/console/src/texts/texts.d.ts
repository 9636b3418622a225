import type page from './en_US/page.json';
import type session from './en_US/session.json';
import type shell from './en_US/shell.json';

declare module 'i18next' {
  interface ResourceNamespaceMap {
    page: typeof page;
    session: typeof session;
    shell: typeof shell;
  }
}
