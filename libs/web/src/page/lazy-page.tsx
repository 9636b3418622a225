import { lazy, type ComponentType, type ReactElement } from 'react';

/** A page whose script is loaded when somebody goes there. */
export function lazyPage(load: () => Promise<ComponentType>): ReactElement {
  const Page = lazy(async () => ({ default: await load() }));
  return <Page />;
}
