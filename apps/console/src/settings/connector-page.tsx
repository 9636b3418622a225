import { Title } from '@mantine/core';
import { useParams } from 'react-router';
import { Loaded } from '../page/loaded.tsx';
import { PageTitle } from '../page/page-title.tsx';
import { ConnectorForm } from './connector-form.tsx';
import { useConnector } from './connectors.ts';

/** One connector: its settings, with Update. */
export function ConnectorPage() {
  const { categoryId = '', connectorId = '' } = useParams();
  return <Settings key={connectorId} categoryId={categoryId} connectorId={connectorId} />;
}

function Settings({ categoryId, connectorId }: { readonly categoryId: string; readonly connectorId: string }) {
  return (
    <Loaded query={useConnector(categoryId, connectorId)}>
      {(connector) => (
        <>
          <PageTitle lead={`Identity Providers › Resident › ${connector.category}`}>{connector.friendlyName}</PageTitle>
          <Title order={2} className="visually-hidden">
            Settings
          </Title>
          <ConnectorForm categoryId={categoryId} connectorId={connectorId} connector={connector} />
        </>
      )}
    </Loaded>
  );
}
