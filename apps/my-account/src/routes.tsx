import { lazyPage, NotFound, PageOutlet } from '@rekey/web';
import type { RouteObject } from 'react-router';
import { Frame } from './page/frame.tsx';
import { accountConfirmation, addressConfirmation, type Confirmation } from './recovery/confirmation.ts';
import { confirmationLink, passwordCode, passwordLink, type MailedLink } from './recovery/mailed-link.ts';

export const routes: RouteObject[] = [
  {
    element: (
      <Frame>
        <PageOutlet />
      </Frame>
    ),
    children: [
      { path: '/signin', element: lazyPage(async () => (await import('./account/sign-in-page.tsx')).SignInPage) },
      { path: passwordLink.askPage, element: lazyPage(async () => (await import('./recovery/forgot-password-page.tsx')).ForgotPasswordPage) },
      sent(passwordLink),
      { path: passwordCode.sentPage, element: lazyPage(async () => (await import('./recovery/enter-code-page.tsx')).EnterCodePage) },
      { path: '/code', element: lazyPage(async () => (await import('./recovery/forced-code-page.tsx')).ForcedCodePage) },
      { path: '/username', element: lazyPage(async () => (await import('./recovery/forgot-username-page.tsx')).ForgotUsernamePage) },
      { path: '/username/sent', element: lazyPage(async () => (await import('./recovery/username-sent-page.tsx')).UsernameSentPage) },
      { path: '/reset', element: lazyPage(async () => (await import('./recovery/reset-page.tsx')).ResetPage) },
      done('/reset/done', 'reset'),
      ...confirming(accountConfirmation),
      ...confirming(addressConfirmation),
      {
        path: confirmationLink.askPage,
        element: lazyPage(async () => {
          const { AskForLinkPage } = await import('./recovery/ask-for-link-page.tsx');
          return () => <AskForLinkPage link={confirmationLink} />;
        }),
      },
      sent(confirmationLink),
      { path: '*', element: <NotFound /> },
    ],
  },
  {
    element: <PageOutlet frame={Frame} />,
    children: [
      {
        element: lazyPage(async () => (await import('./account/account-layout.tsx')).AccountLayout),
        children: [
          { path: '/', element: lazyPage(async () => (await import('./account/home-page.tsx')).HomePage) },
          { path: '/profile', element: lazyPage(async () => (await import('./account/profile-page.tsx')).ProfilePage) },
          { path: '/password', element: lazyPage(async () => (await import('./account/password-page.tsx')).PasswordPage) },
          { path: '/sessions', element: lazyPage(async () => (await import('./account/sessions-page.tsx')).SessionsPage) },
          { path: '/activity', element: lazyPage(async () => (await import('./account/activity-page.tsx')).ActivityPage) },
        ],
      },
    ],
  },
];

function sent(link: MailedLink): RouteObject {
  return {
    path: link.sentPage,
    element: lazyPage(async () => {
      const { CheckYourEmailPage } = await import('./recovery/check-your-email-page.tsx');
      return () => <CheckYourEmailPage link={link} />;
    }),
  };
}

function confirming(confirmation: Confirmation): RouteObject[] {
  return [
    {
      path: confirmation.page,
      element: lazyPage(async () => {
        const { ConfirmPage } = await import('./recovery/confirm-page.tsx');
        return () => <ConfirmPage confirmation={confirmation} />;
      }),
    },
    done(confirmation.donePage, confirmation.words),
  ];
}

function done(path: string, words: 'reset' | Confirmation['words']): RouteObject {
  return {
    path,
    element: lazyPage(async () => {
      const { DonePage } = await import('./recovery/done-page.tsx');
      return () => <DonePage words={words} />;
    }),
  };
}
