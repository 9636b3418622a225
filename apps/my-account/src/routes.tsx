import { lazyPage, NotFound, PageOutlet } from '@rekey/web';
import type { RouteObject } from 'react-router';
import { Frame } from './page/frame.tsx';
import { accountConfirmation, addressConfirmation, type Confirmation } from './pages/confirmation.ts';
import { confirmationLink, passwordLink, type MailedLink } from './pages/mailed-link.ts';
import { texts } from './texts.ts';

export const routes: RouteObject[] = [
  {
    element: (
      <Frame>
        <PageOutlet />
      </Frame>
    ),
    children: [
      { path: '/', element: lazyPage(async () => (await import('./pages/home-page.tsx')).HomePage) },
      { path: '/signin', element: lazyPage(async () => (await import('./pages/sign-in-page.tsx')).SignInPage) },
      ...asking(passwordLink),
      { path: '/reset', element: lazyPage(async () => (await import('./pages/reset-page.tsx')).ResetPage) },
      done('/reset/done', texts.reset.done),
      ...confirming(accountConfirmation),
      ...confirming(addressConfirmation),
      ...asking(confirmationLink),
      { path: '*', element: <NotFound /> },
    ],
  },
];

function asking(link: MailedLink): RouteObject[] {
  return [
    {
      path: link.askPage,
      element: lazyPage(async () => {
        const { AskForLinkPage } = await import('./pages/ask-for-link-page.tsx');
        return () => <AskForLinkPage link={link} />;
      }),
    },
    {
      path: link.sentPage,
      element: lazyPage(async () => {
        const { CheckYourEmailPage } = await import('./pages/check-your-email-page.tsx');
        return () => <CheckYourEmailPage link={link} />;
      }),
    },
  ];
}

function confirming(confirmation: Confirmation): RouteObject[] {
  return [
    {
      path: confirmation.page,
      element: lazyPage(async () => {
        const { ConfirmPage } = await import('./pages/confirm-page.tsx');
        return () => <ConfirmPage confirmation={confirmation} />;
      }),
    },
    done(confirmation.donePage, confirmation.texts.done),
  ];
}

function done(path: string, words: Confirmation['texts']['done']): RouteObject {
  return {
    path,
    element: lazyPage(async () => {
      const { DonePage } = await import('./pages/done-page.tsx');
      return () => <DonePage {...words} />;
    }),
  };
}
