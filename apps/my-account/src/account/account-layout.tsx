import { Paper } from '@mantine/core';
import { LanguageChooser, PageOutlet, useSession, Waiting, type SignedInUser } from '@rekey/web';
import { useState, type MouseEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Navigate, useLocation, useOutletContext } from 'react-router';
import { Brand } from '../page/brand.tsx';
import { Failure } from '../page/failure.tsx';
import type { PassedOn } from '../page/passed-on.ts';
import { SignOut } from './sign-out.tsx';

const pages = [['/', 'home'], ['/profile', 'profile'], ['/password', 'password'], ['/sessions', 'sessions'], ['/activity', 'activity']] as const;

/** What the pages of somebody who is signed in stand in; nobody else sees them. */
export function AccountLayout() {
  const { t } = useTranslation('account');
  const { pathname } = useLocation();
  const { data: user, error, refetch } = useSession();
  const [wasSignedIn, setSignedIn] = useState(false);
  if (user && !wasSignedIn) setSignedIn(true);
  if (user === null) return <Navigate to="/signin" replace state={{ then: pathname, ...(wasSignedIn && { signedOut: true }) } satisfies PassedOn} />;
  return (
    <div className="frame">
      <a className="skip" href="#page" onClick={skip}>
        {t('skip')}
      </a>
      <header className="account-head">
        <Brand />
        {user && <SignOut />}
      </header>
      <div className="account">
        <nav className="account-pages" aria-label={t('navigation')}>
          {pages.map(([path, name]) => (
            <Link key={path} to={path} aria-current={pathname === path ? 'page' : undefined}>
              {t(`pages.${name}`)}
            </Link>
          ))}
        </nav>
        <Paper component="main" id="page" tabIndex={-1} className="card" withBorder radius="lg">
          {/* Somebody who is signed in stays so where asking again fails. */}
          {user ? <PageOutlet context={user} /> : error ? <Failure error={error} onRetry={() => void refetch()} /> : <Waiting />}
        </Paper>
      </div>
      <footer className="foot account">
        <LanguageChooser />
      </footer>
    </div>
  );
}

/** Who is signed in, at the pages in here. */
export function useUser(): SignedInUser {
  return useOutletContext<SignedInUser>();
}

/** Not by the address: a fragment there is taken for a key. */
function skip(event: MouseEvent): void {
  event.preventDefault();
  document.getElementById('page')?.focus();
}
