import { Anchor } from '@mantine/core';
import { tenantPath, useSession } from '@rekey/web';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'react-router';
import { Loaded } from '../page/loaded.tsx';
import { PageTitle } from '../page/page-title.tsx';
import { keepWantedPage } from './wanted-page.ts';

/** People sign in at one place, My Account, and come back from there to where they were. */
const signInPage = `${tenantPath}/myaccount/signin?then=console`;

/** The pages, for whoever is signed in. What a role does not allow the server refuses, page by page. */
export function SignedIn({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation('session');
  const { pathname, search } = useLocation();
  return (
    <Loaded query={useSession()}>
      {(user) =>
        user ? (
          children
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
