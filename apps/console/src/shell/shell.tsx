import { Outlet } from 'react-router';
import { SignedIn } from '../session/signed-in.tsx';
import { Navigation } from './navigation.tsx';
import { TopBar } from './top-bar.tsx';

/** What every page stands in: the bar above, the ways beside, the page. */
export function Shell() {
  return (
    <div className="shell">
      <a className="skip" href="#page">
        Skip to the page
      </a>
      <TopBar />
      <Navigation />
      <main id="page" className="page">
        <SignedIn>
          <Outlet />
        </SignedIn>
      </main>
    </div>
  );
}
