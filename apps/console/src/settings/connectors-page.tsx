import { Anchor, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Loaded } from '../page/loaded.tsx';
import { PageTitle } from '../page/page-title.tsx';
import { pathOf, useCategories } from './connectors.ts';

/** WSO2's Identity Providers › Resident: everything that can be set while the server runs. */
export function ConnectorsPage() {
  const { t } = useTranslation('settings');
  return (
    <>
      <PageTitle lead={t('lead')}>{t('title')}</PageTitle>
      <Loaded query={useCategories()}>
        {(categories) =>
          categories.map(({ name, connectors }) => (
            <section key={name} className="block">
              <Title order={2}>{name}</Title>
              <ul className="choices">
                {connectors.map((connector) => (
                  <li key={connector.id}>
                    <Anchor component={Link} to={pathOf(connector)}>
                      {connector.friendlyName}
                    </Anchor>
                    <span className="quiet">{t('count', { count: connector.properties.length })}</span>
                  </li>
                ))}
              </ul>
            </section>
          ))
        }
      </Loaded>
    </>
  );
}
