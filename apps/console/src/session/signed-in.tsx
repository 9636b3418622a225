import { Anchor } from '@mantine/core';
import { tenantPath, useSession } from '@rekey/web';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Loaded } from '../page/loaded.tsx';
import { PageTitle } from '../page/page-title.tsx';

/** People sign in at one place, My Account, and come back from there. */
const signInPage = `${tenantPath}/myaccount/signin?then=console`;

/** The pages, for whoever is signed in. What a role does not allow the server refuses, page by page. */
export function SignedIn({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation('session');
  return (
    <Loaded query={useSession()}>
      {(user) =>
        user ? (
          children
        ) : (
          <>
            <PageTitle lead={t('lead')}>{t('title')}</PageTitle>
            <Anchor href={signInPage} className="button-link">
              {t('signIn')}
            </Anchor>
          </>
        )
      }
    </Loaded>
  );
}
