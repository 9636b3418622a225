import { Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { Loaded } from '../page/loaded.tsx';
import { PageTitle } from '../page/page-title.tsx';
import { nameOf } from './connectors.ts';
import { FixedSettings } from './fixed-settings.tsx';
import { SettingsForm } from './settings-form.tsx';
import { useSettings } from './settings.ts';

/** One connector: its settings, with Update where there is a choice. */
export function ConnectorPage() {
  const { connectorId = '' } = useParams();
  return <Connector key={connectorId} name={nameOf(connectorId)} />;
}

function Connector({ name }: { readonly name: string }) {
  const { t } = useTranslation('settings');
  return (
    <Loaded query={useSettings(name)}>
      {(settings) => (
        <>
          <PageTitle lead={t('resident', { category: settings.category.name })}>{settings.friendlyName}</PageTitle>
          <Title order={2} className="visually-hidden">
            {t('heading')}
          </Title>
          {settings.settings.some(({ fixedBecause }) => fixedBecause === null) ? (
            <SettingsForm read={settings} />
          ) : (
            <div className="settings">
              <FixedSettings settings={settings.settings} />
            </div>
          )}
        </>
      )}
    </Loaded>
  );
}
