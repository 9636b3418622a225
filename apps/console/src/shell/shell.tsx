import { PageOutlet } from '@rekey/web';
import { useTranslation } from 'react-i18next';
import { SignedIn } from '../session/signed-in.tsx';
import { Navigation } from './navigation.tsx';
import { TopBar } from './top-bar.tsx';

/** What every page stands in: the bar above, the ways beside, the page. */
export function Shell() {
  const { t } = useTranslation('shell');
  return (
    <div className="shell">
      <a className="skip" href="#page">
        {t('skip')}
      </a>
      <TopBar />
      <Navigation />
      <main id="page" className="page" tabIndex={-1}>
        <SignedIn>
          <PageOutlet />
        </SignedIn>
      </main>
    </div>
  );
}
