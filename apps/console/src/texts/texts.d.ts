import type brand from './en_US/brand.json';
import type forcedResets from './en_US/forced-resets.json';
import type page from './en_US/page.json';
import type session from './en_US/session.json';
import type shell from './en_US/shell.json';
import type suppressedAddresses from './en_US/suppressed-addresses.json';
import type templates from './en_US/templates.json';

declare module 'i18next' {
  interface ResourceNamespaceMap {
    brand: typeof brand;
    'forced-resets': typeof forcedResets;
    page: typeof page;
    session: typeof session;
    shell: typeof shell;
    'suppressed-addresses': typeof suppressedAddresses;
    templates: typeof templates;
  }
}
