import { lazy, type ComponentType, type ReactElement } from 'react';
import { ApiProblem } from '../api/problem.ts';

/** A page whose script is loaded when somebody goes there. Where the server is away it is told of as where an API does not answer. */
export function lazyPage(load: () => Promise<ComponentType>): ReactElement {
  const Page = lazy(async () => {
    try {
      return { default: await load() };
    } catch (cause) {
      throw new ApiProblem(0, 'offline', String(cause), null, {});
    }
  });
  return <Page />;
}
