import type brand from './en_US/brand.json';
import type configuration from './en_US/configuration.json';
import type deadEvents from './en_US/dead-events.json';
import type deliveries from './en_US/deliveries.json';
import type forcedResets from './en_US/forced-resets.json';
import type listeners from './en_US/listeners.json';
import type overview from './en_US/overview.json';
import type page from './en_US/page.json';
import type relays from './en_US/relays.json';
import type session from './en_US/session.json';
import type settings from './en_US/settings.json';
import type shell from './en_US/shell.json';
import type suppressedAddresses from './en_US/suppressed-addresses.json';
import type templates from './en_US/templates.json';
import type tenants from './en_US/tenants.json';
import type users from './en_US/users.json';
import type webhooks from './en_US/webhooks.json';

declare module 'i18next' {
  interface ResourceNamespaceMap {
    brand: typeof brand;
    configuration: typeof configuration;
    'dead-events': typeof deadEvents;
    deliveries: typeof deliveries;
    'forced-resets': typeof forcedResets;
    listeners: typeof listeners;
    overview: typeof overview;
    page: typeof page;
    relays: typeof relays;
    session: typeof session;
    settings: typeof settings;
    shell: typeof shell;
    'suppressed-addresses': typeof suppressedAddresses;
    templates: typeof templates;
    tenants: typeof tenants;
    users: typeof users;
    webhooks: typeof webhooks;
  }
}
