import { Anchor } from '@mantine/core';
import { tenantPath, useSession } from '@rekey/web';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'react-router';
import { isAnythingUnsaved } from '../page/leaving.ts';
import { Loaded } from '../page/loaded.tsx';
import { PageTitle } from '../page/page-title.tsx';
import { SessionEnded } from './session-ended.tsx';
import { keepWantedPage } from './wanted-page.ts';

/** People sign in at one place, My Account, and come back from there to where they were. */
const signInPage = `${tenantPath}/myaccount/signin?then=console`;

/** The pages, for whoever is signed in, and until they have signed in again one on which something is not saved. What a role does not allow the server refuses, page by page. */
export function SignedIn({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation('session');
  const { pathname, search } = useLocation();
  /** Of the page on which somebody has given up what was not saved. */
  const [left, setLeft] = useState('');
  return (
    <Loaded query={useSession()}>
      {(user) =>
        user || (left !== pathname && isAnythingUnsaved()) ? (
          <>
            {children}
            {!user && <SessionEnded signInPage={signInPage} onLeave={() => setLeft(pathname)} />}
          </>
        ) : (
          <>
            <PageTitle lead={t('lead')}>{t('title')}</PageTitle>
            <Anchor href={signInPage} className="button-link" onClick={() => pathname !== '/' && keepWantedPage(pathname + search)}>
              {t('signIn')}
            </Anchor>
          </>
        )
      }
    </Loaded>
  );
}
