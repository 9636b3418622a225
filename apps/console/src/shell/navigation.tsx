import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';
import { useReadablePages } from './use-readable-pages.ts';

export function Navigation() {
  const { t } = useTranslation('shell');
  const pages = useReadablePages();
  const { pathname } = useLocation();
  // Of one page and another under it, the one that says more.
  const current = pages.filter(({ path }) => pathname === path || pathname.startsWith(`${path}/`)).reduce((longest, { path }) => (path.length > longest.length ? path : longest), '');
  const currentLink = useRef<HTMLAnchorElement>(null);
  // In a narrow window the pages stand in one row that scrolls: a window that becomes narrow, too.
  useEffect(() => {
    const link = currentLink.current;
    const row = link?.closest('nav');
    if (!link || !row) return undefined;
    const observer = new ResizeObserver(() => row.scrollBy({ left: middleOf(link) - middleOf(row), behavior: 'instant' }));
    observer.observe(row);
    return () => observer.disconnect();
  }, [current, pages.length]);
  return (
    <nav className="navigation" aria-label={t('navigation')}>
      <ul>
        {pages.map(({ path, name, within }) => (
          <li key={path} data-within={within ?? undefined}>
            <Link ref={path === current ? currentLink : null} to={path} aria-current={path === current ? 'page' : undefined}>
              {t(`pages.${name}`)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function middleOf(element: Element): number {
  const { left, width } = element.getBoundingClientRect();
  return left + width / 2;
}
