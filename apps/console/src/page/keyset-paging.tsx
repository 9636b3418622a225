import { Anchor } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';

/** The ways on through a list that is read page by page, by `after` in the page's address. @param next null: there are no more */
export function KeysetPaging({ next }: { readonly next: string | null }) {
  const { t } = useTranslation('page');
  const [address] = useSearchParams();
  const isFirst = !address.has('after');
  if (isFirst && next === null) return null;
  return (
    <nav className="paging" aria-label={t('paging.label')}>
      {!isFirst && (
        <Anchor component={Link} to={at(address, null)}>
          {t('paging.first')}
        </Anchor>
      )}
      {next !== null && (
        <Anchor component={Link} to={at(address, next)}>
          {t('paging.nextPage')}
        </Anchor>
      )}
    </nav>
  );
}

function at(address: URLSearchParams, after: string | null): string {
  const there = new URLSearchParams(address);
  if (after === null) there.delete('after');
  else there.set('after', after);
  return `?${there.toString()}`;
}
