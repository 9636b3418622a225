import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { createBrowserRouter, Outlet, RouterProvider, type RouteObject } from 'react-router';
import { Fault } from './page/fault.tsx';
import { Frame } from './page/frame.tsx';
import { AskForLinkPage } from './pages/ask-for-link-page.tsx';
import { CheckYourEmailPage } from './pages/check-your-email-page.tsx';
import { ConfirmPage } from './pages/confirm-page.tsx';
import { accountConfirmation, addressConfirmation } from './pages/confirmation.ts';
import { DonePage } from './pages/done-page.tsx';
import { HomePage } from './pages/home-page.tsx';
import { confirmationLink, passwordLink } from './pages/mailed-link.ts';
import { NotFoundPage } from './pages/not-found-page.tsx';
import { ResetPage } from './pages/reset-page.tsx';
import { SignInPage } from './pages/sign-in-page.tsx';
import { tenantPath } from './tenant-path.ts';
import { texts } from './texts.ts';

/** `always`: a browser that believes itself offline still reaches a Rekey on its own machine, and elsewhere must say that it did not work, not wait. */
const queries = new QueryClient({
  defaultOptions: { queries: { networkMode: 'always', retry: 1, refetchOnWindowFocus: false }, mutations: { networkMode: 'always', retry: false } },
});

const routes: RouteObject[] = [
  {
    element: (
      <Frame>
        <Outlet />
      </Frame>
    ),
    errorElement: (
      <Frame>
        <Fault />
      </Frame>
    ),
    children: [
      { path: '/', element: <HomePage /> },
      { path: '/signin', element: <SignInPage /> },
      { path: passwordLink.askPage, element: <AskForLinkPage link={passwordLink} /> },
      { path: passwordLink.sentPage, element: <CheckYourEmailPage link={passwordLink} /> },
      { path: '/reset', element: <ResetPage /> },
      { path: '/reset/done', element: <DonePage {...texts.reset.done} /> },
      ...[accountConfirmation, addressConfirmation].flatMap((confirmation) => [
        { path: confirmation.page, element: <ConfirmPage confirmation={confirmation} /> },
        { path: confirmation.donePage, element: <DonePage {...confirmation.texts.done} /> },
      ]),
      { path: confirmationLink.askPage, element: <AskForLinkPage link={confirmationLink} /> },
      { path: confirmationLink.sentPage, element: <CheckYourEmailPage link={confirmationLink} /> },
      { path: '*', element: <NotFoundPage /> },
    ],
  },
];

/**
 * My Account at the address that the browser shows, which it reads at once. The policy of the pages allows no injected style elements:
 * Mantine's variables come from its stylesheet and ours instead.
 */
export function createApp(): ReactElement {
  const router = createBrowserRouter(routes, { basename: `${tenantPath}/myaccount` });
  return (
    <MantineProvider defaultColorScheme="auto" deduplicateCssVariables withGlobalClasses={false} withCssVariables={false}>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
