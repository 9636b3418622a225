import { lazyPage } from '@rekey/web';
import type { ReactElement } from 'react';
import type { RouteObject } from 'react-router';
import { accountRecovery } from './settings/connectors.ts';
import type shell from './texts/en_US/shell.json';

export interface Page {
  readonly path: string;
  /** Of its title in the navigation, among the texts. */
  readonly name: keyof (typeof shell)['pages'];
  /** Absent where the address is one of another page's `below`. */
  readonly element?: ReactElement;
  /** The helpdesk may not read it, and is not shown the way. */
  readonly notForHelpdesk?: true;
  /** Not even auditors read it. */
  readonly onlyAdministrators?: true;
  /** Stands under the page before it. */
  readonly within?: true;
  /** About the whole deployment: the super tenant's people alone have it. */
  readonly onlySuperTenant?: true;
  /** Pages that are reached from it. */
  readonly below?: readonly RouteObject[];
}

/** In the order of the navigation; the first is where one arrives. Each is loaded when somebody goes there. */
export const pages: readonly [Page, ...Page[]] = [
  { path: '/overview', name: 'overview', element: lazyPage(async () => (await import('./overview/overview-page.tsx')).OverviewPage) },
  {
    path: '/resident',
    name: 'resident',
    notForHelpdesk: true,
    element: lazyPage(async () => (await import('./settings/connectors-page.tsx')).ConnectorsPage),
    below: [{ path: '/resident/:categoryId/:connectorId', element: lazyPage(async () => (await import('./settings/connector-page.tsx')).ConnectorPage) }],
  },
  { path: accountRecovery, name: 'accountRecovery', within: true, notForHelpdesk: true },
  {
    path: '/users',
    name: 'users',
    element: lazyPage(async () => (await import('./users/users-page.tsx')).UsersPage),
    below: [
      { path: '/users/new', element: lazyPage(async () => (await import('./users/new-user-page.tsx')).NewUserPage) },
      { path: '/users/:id', element: lazyPage(async () => (await import('./users/user-page.tsx')).UserPage) },
    ],
  },
  {
    path: '/forced-resets',
    name: 'forcedResets',
    element: lazyPage(async () => (await import('./forced-resets/forced-resets-page.tsx')).ForcedResetsPage),
    within: true,
    below: [
      { path: '/forced-resets/new', element: lazyPage(async () => (await import('./forced-resets/new-forced-reset-page.tsx')).NewForcedResetPage) },
      { path: '/forced-resets/:id', element: lazyPage(async () => (await import('./forced-resets/forced-reset-page.tsx')).ForcedResetPage) },
    ],
  },
  {
    path: '/templates',
    name: 'templates',
    notForHelpdesk: true,
    element: lazyPage(async () => (await import('./templates/templates-page.tsx')).TemplatesPage),
    below: [
      { path: '/templates/:typeId', element: lazyPage(async () => (await import('./templates/template-type-page.tsx')).TemplateTypePage) },
      { path: '/templates/:typeId/:locale', element: lazyPage(async () => (await import('./templates/template-page.tsx')).TemplatePage) },
    ],
  },
  { path: '/brand', name: 'brand', element: lazyPage(async () => (await import('./brand/brand-page.tsx')).BrandPage), within: true, notForHelpdesk: true },
  {
    path: '/listeners',
    name: 'listeners',
    notForHelpdesk: true,
    element: lazyPage(async () => (await import('./listeners/listener-chain-page.tsx')).ListenerChainPage),
    below: [{ path: '/listeners/dry-run', element: lazyPage(async () => (await import('./listeners/dry-run-page.tsx')).DryRunPage) }],
  },
  { path: '/configuration', name: 'configuration', element: lazyPage(async () => (await import('./configuration/configuration-page.tsx')).ConfigurationPage), within: true, notForHelpdesk: true, onlySuperTenant: true },
  {
    path: '/deliveries',
    name: 'deliveries',
    element: lazyPage(async () => (await import('./deliveries/deliveries-page.tsx')).DeliveriesPage),
    below: [{ path: '/deliveries/:id', element: lazyPage(async () => (await import('./deliveries/delivery-page.tsx')).DeliveryPage) }],
  },
  { path: '/deliveries/failures', name: 'failures', element: lazyPage(async () => (await import('./deliveries/failures-page.tsx')).FailuresPage), within: true },
  { path: '/suppressed-addresses', name: 'suppressedAddresses', element: lazyPage(async () => (await import('./suppressed-addresses/suppressed-addresses-page.tsx')).SuppressedAddressesPage), within: true },
  { path: '/relays', name: 'relays', element: lazyPage(async () => (await import('./relays/relays-page.tsx')).RelaysPage), onlySuperTenant: true },
  {
    path: '/dead-events',
    name: 'deadEvents',
    element: lazyPage(async () => (await import('./dead-events/dead-events-page.tsx')).DeadEventsPage),
    onlySuperTenant: true,
    below: [{ path: '/dead-events/:id', element: lazyPage(async () => (await import('./dead-events/dead-event-page.tsx')).DeadEventPage) }],
  },
  { path: '/webhooks', name: 'webhooks', element: lazyPage(async () => (await import('./webhooks/webhooks-page.tsx')).WebhooksPage), onlySuperTenant: true },
  {
    path: '/tenants',
    name: 'tenants',
    element: lazyPage(async () => (await import('./tenants/tenants-page.tsx')).TenantsPage),
    onlySuperTenant: true,
    onlyAdministrators: true,
    below: [{ path: '/tenants/new', element: lazyPage(async () => (await import('./tenants/new-tenant-page.tsx')).NewTenantPage) }],
  },
];
