import { Anchor } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Empty } from '../page/empty.tsx';
import { Loaded } from '../page/loaded.tsx';
import { PageTitle } from '../page/page-title.tsx';
import { useTypes } from './templates.ts';

/** What is mailed, by WSO2's names. */
export function TemplatesPage() {
  const { t } = useTranslation('templates');
  return (
    <>
      <PageTitle lead={t('lead')}>{t('title')}</PageTitle>
      <Loaded query={useTypes()}>
        {(types) =>
          types.length === 0 ? (
            <Empty title={t('noTypes')} />
          ) : (
            <ul className="choices">
              {types.map(({ id, displayName }) => (
                <li key={id}>
                  <Anchor component={Link} to={`/templates/${id}`}>
                    {displayName}
                  </Anchor>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </>
  );
}
