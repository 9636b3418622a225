import type { ReactElement } from 'react';
import type { RouteObject } from 'react-router';
import { BrandPage } from './brand/brand-page.tsx';
import { DeliveriesPage } from './deliveries/deliveries-page.tsx';
import { DeliveryPage } from './deliveries/delivery-page.tsx';
import { FailuresPage } from './deliveries/failures-page.tsx';
import { ForcedResetPage } from './forced-resets/forced-reset-page.tsx';
import { ForcedResetsPage } from './forced-resets/forced-resets-page.tsx';
import { NewForcedResetPage } from './forced-resets/new-forced-reset-page.tsx';
import { ListenerChainPage } from './listeners/listener-chain-page.tsx';
import { accountRecovery } from './settings/connectors.ts';
import { ConnectorPage } from './settings/connector-page.tsx';
import { ConnectorsPage } from './settings/connectors-page.tsx';
import { SuppressedAddressesPage } from './suppressed-addresses/suppressed-addresses-page.tsx';
import { TemplatePage } from './templates/template-page.tsx';
import { TemplateTypePage } from './templates/template-type-page.tsx';
import { TemplatesPage } from './templates/templates-page.tsx';
import { NewUserPage } from './users/new-user-page.tsx';
import { UserPage } from './users/user-page.tsx';
import { UsersPage } from './users/users-page.tsx';

export interface Page {
  readonly path: string;
  readonly title: string;
  /** Absent where the address is one of another page's `below`. */
  readonly element?: ReactElement;
  /** Stands under the page before it. */
  readonly within?: true;
  /** Pages that are reached from it. */
  readonly below?: readonly RouteObject[];
}

/** In the order of the navigation; the first is where one arrives. */
export const pages: readonly [Page, ...Page[]] = [
  { path: '/resident', title: 'Account Management', element: <ConnectorsPage />, below: [{ path: '/resident/:categoryId/:connectorId', element: <ConnectorPage /> }] },
  { path: accountRecovery, title: 'Account Recovery', within: true },
  { path: '/users', title: 'Users', element: <UsersPage />, below: [{ path: '/users/new', element: <NewUserPage /> }, { path: '/users/:id', element: <UserPage /> }] },
  { path: '/forced-resets', title: 'Forced resets', element: <ForcedResetsPage />, within: true, below: [{ path: '/forced-resets/new', element: <NewForcedResetPage /> }, { path: '/forced-resets/:id', element: <ForcedResetPage /> }] },
  { path: '/templates', title: 'Templates', element: <TemplatesPage />, below: [{ path: '/templates/:typeId', element: <TemplateTypePage /> }, { path: '/templates/:typeId/:locale', element: <TemplatePage /> }] },
  { path: '/brand', title: 'Brand', element: <BrandPage />, within: true },
  { path: '/listeners', title: 'Listener chain', element: <ListenerChainPage /> },
  { path: '/deliveries', title: 'Deliveries', element: <DeliveriesPage />, below: [{ path: '/deliveries/:id', element: <DeliveryPage /> }] },
  { path: '/deliveries/failures', title: 'Failures', element: <FailuresPage />, within: true },
  { path: '/suppressed-addresses', title: 'Suppressed addresses', element: <SuppressedAddressesPage />, within: true },
];
