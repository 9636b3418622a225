import { DirectionProvider, MantineProvider } from '@mantine/core';
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode, Suspense, type ReactElement } from 'react';
import { createRoot } from 'react-dom/client';
import { useTranslation } from 'react-i18next';
import { BrowserRouter, useRoutes, type RouteObject } from 'react-router';
import { ApiProblem } from './api/problem.ts';
import { Waiting } from './page/waiting.tsx';
import { sessionKey } from './session/use-session.ts';
import { tenantPath } from './tenant-path.ts';
import { startTexts, type TextFiles } from './texts/start-texts.ts';

export interface WebApp {
  /** Where its pages are, below the tenant's path: `/console`. */
  readonly path: string;
  readonly routes: RouteObject[];
  readonly texts: TextFiles;
  /**
   * Of the texts those that are there before any page; without it, all. Others come with the first page that asks for them: a part of a page
   * that asks for them later takes the page away until they have come, and the focus with it.
   */
  readonly namespaces?: readonly string[];
}

/** `always`: a browser that believes itself offline still reaches a Rekey on its own machine, and elsewhere must say that it did not work, not wait. */
const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: askWhoIsSignedIn }),
  mutationCache: new MutationCache({ onError: askWhoIsSignedIn }),
  defaultOptions: {
    queries: { networkMode: 'always', retry: (count, error) => count < 1 && !(error instanceof ApiProblem && error.status >= 400 && error.status < 500), refetchOnWindowFocus: false },
    mutations: { networkMode: 'always', retry: false },
  },
});

/** Shows an app at the address that the browser shows, in the reader's language. */
export async function startWebApp({ path, routes, texts, namespaces }: WebApp): Promise<void> {
  const root = document.getElementById('root');
  if (!root) throw new Error('the page has no #root');
  await startTexts(texts, namespaces);
  // A server that is away is an answer, and said on the page.
  const onCaughtError = (error: unknown) => void (error instanceof ApiProblem || console.error(error));
  createRoot(root, { onCaughtError }).render(
    <StrictMode>
      <Providers>
        <BrowserRouter basename={`${tenantPath}${path}`}>
          <Pages routes={routes} />
        </BrowserRouter>
      </Providers>
    </StrictMode>,
  );
}

/** Not a router with loaders and actions of its own: it is twice the script, and TanStack Query loads. */
function Pages({ routes }: Pick<WebApp, 'routes'>) {
  return useRoutes(routes);
}

/** The policy of the pages allows no injected style elements: Mantine's variables come from its stylesheet and ours, and none of its responsive properties are used. */
function Providers({ children }: { readonly children: ReactElement }) {
  const { i18n } = useTranslation('web');
  const direction = i18n.dir();
  return (
    <DirectionProvider key={direction} initialDirection={direction} detectDirection={false}>
      <MantineProvider defaultColorScheme="auto" deduplicateCssVariables withGlobalClasses={false} withCssVariables={false}>
        <QueryClientProvider client={queries}>
          <Suspense fallback={<Waiting />}>{children}</Suspense>
        </QueryClientProvider>
      </MantineProvider>
    </DirectionProvider>
  );
}

/** The session may be over. A wrong password is refused with the same status, so that it is asked; where nobody is signed in there is nothing to ask. */
function askWhoIsSignedIn(error: unknown): void {
  if (error instanceof ApiProblem && error.status === 401 && queries.getQueryData(sessionKey) != null) void queries.invalidateQueries({ queryKey: sessionKey });
}
