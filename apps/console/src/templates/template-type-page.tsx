import { Anchor } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { Empty } from '../page/empty.tsx';
import { Loaded } from '../page/loaded.tsx';
import { PageTitle } from '../page/page-title.tsx';
import { useHasRole } from '../session/use-has-role.ts';
import { NewLocale } from './new-locale.tsx';
import { useType } from './templates.ts';

/** The locales of one type. */
export function TemplateTypePage() {
  const { t } = useTranslation('templates');
  const { typeId = '' } = useParams();
  const mayChange = useHasRole('administrator');
  return (
    <Loaded query={useType(typeId)}>
      {({ displayName, templates }) => (
        <>
          <PageTitle lead={t('typeLead')}>{displayName}</PageTitle>
          {templates.length === 0 ? (
            <Empty title={t('noTemplate')}>{t('noTemplateMeans')}</Empty>
          ) : (
            <ul className="choices">
              {templates.map(({ id, subject }) => (
                <li key={id}>
                  <Anchor component={Link} to={`/templates/${typeId}/${id}`}>
                    {id}
                  </Anchor>
                  <span className="quiet">
                    <bdi>{subject}</bdi>
                  </span>
                </li>
              ))}
            </ul>
          )}
          {mayChange && <NewLocale key={typeId} typeId={typeId} templates={templates} />}
        </>
      )}
    </Loaded>
  );
}
