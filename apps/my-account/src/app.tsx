import { createTheme, MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { createBrowserRouter, Outlet, RouterProvider } from 'react-router';
import { Frame } from './page/frame.tsx';
import { Waiting } from './page/waiting.tsx';
import { ForgotPage } from './pages/forgot-page.tsx';
import { NotFoundPage } from './pages/not-found-page.tsx';
import { SignInPage } from './pages/sign-in-page.tsx';

const HomePage = lazy(() => import('./pages/home-page.tsx'));
const ResetPage = lazy(() => import('./pages/reset-page.tsx'));
const ResetDonePage = lazy(() => import('./pages/reset-done-page.tsx'));

const theme = createTheme({ primaryColor: 'indigo', defaultRadius: 'md', cursorType: 'pointer' });
const queries = new QueryClient({ defaultOptions: { queries: { retry: 1, refetchOnWindowFocus: false }, mutations: { retry: false } } });

/** The policy of the pages allows no injected style elements: Mantine's variables come from its stylesheet instead. */
export function App({ recoveryKey }: { readonly recoveryKey: string | null }) {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" deduplicateCssVariables withGlobalClasses={false} withCssVariables={false}>
      <QueryClientProvider client={queries}>
        <RouterProvider router={routerWith(recoveryKey)} />
      </QueryClientProvider>
    </MantineProvider>
  );
}

let router: ReturnType<typeof createBrowserRouter> | null = null;

function routerWith(recoveryKey: string | null) {
  router ??= createBrowserRouter(
    [
      {
        element: (
          <Frame>
            <Suspense fallback={<Waiting />}>
              <Outlet />
            </Suspense>
          </Frame>
        ),
        children: [
          { path: '/', element: <HomePage /> },
          { path: '/signin', element: <SignInPage /> },
          { path: '/forgot', element: <ForgotPage /> },
          { path: '/reset', element: <ResetPage recoveryKey={recoveryKey} /> },
          { path: '/reset/done', element: <ResetDonePage /> },
          { path: '*', element: <NotFoundPage /> },
        ],
      },
    ],
    { basename: '/myaccount' },
  );
  return router;
}
