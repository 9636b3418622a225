import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { createBrowserRouter, Navigate, RouterProvider } from 'react-router';
import { ApiProblem } from './api/problem.ts';
import { Fault } from './page/fault.tsx';
import { NotFound } from './page/not-found.tsx';
import { pages } from './pages.tsx';
import { sessionKey } from './session/use-session.ts';
import { Shell } from './shell/shell.tsx';
import { tenantPath } from './tenant-path.ts';

/** `always`: a browser that believes itself offline still reaches a Rekey on its own machine, and elsewhere must say that it did not work, not wait. */
const queries = new QueryClient({
  defaultOptions: {
    queries: { networkMode: 'always', retry: (count, error) => count < 1 && !(error instanceof ApiProblem && error.status >= 400 && error.status < 500), refetchOnWindowFocus: false },
    mutations: { networkMode: 'always', retry: false, onError: (error) => void (error instanceof ApiProblem && error.status === 401 && queries.invalidateQueries({ queryKey: sessionKey })) },
  },
});

/**
 * The Console at the address that the browser shows, which it reads at once. The policy of the pages allows no injected style elements:
 * Mantine's variables come from its stylesheet and ours, and none of its responsive properties are used.
 */
export function createApp(): ReactElement {
  const router = createBrowserRouter(
    [
      {
        element: <Shell />,
        children: [
          {
            errorElement: <Fault />,
            children: [{ path: '/', element: <Navigate to={pages[0].path} replace /> }, ...pages.flatMap(({ path, element, below = [] }) => [...(element ? [{ path, element }] : []), ...below]), { path: '*', element: <NotFound /> }],
          },
        ],
      },
    ],
    { basename: `${tenantPath}/console` },
  );
  return (
    <MantineProvider defaultColorScheme="auto" deduplicateCssVariables withGlobalClasses={false} withCssVariables={false}>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
