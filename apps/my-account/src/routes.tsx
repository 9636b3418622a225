import { Fault, NotFound } from '@rekey/web';
import { Outlet, type RouteObject } from 'react-router';
import { Frame } from './page/frame.tsx';
import { AskForLinkPage } from './pages/ask-for-link-page.tsx';
import { CheckYourEmailPage } from './pages/check-your-email-page.tsx';
import { ConfirmPage } from './pages/confirm-page.tsx';
import { accountConfirmation, addressConfirmation } from './pages/confirmation.ts';
import { DonePage } from './pages/done-page.tsx';
import { HomePage } from './pages/home-page.tsx';
import { confirmationLink, passwordLink } from './pages/mailed-link.ts';
import { ResetPage } from './pages/reset-page.tsx';
import { SignInPage } from './pages/sign-in-page.tsx';
import { texts } from './texts.ts';

export const routes: RouteObject[] = [
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
      { path: '*', element: <NotFound /> },
    ],
  },
];
