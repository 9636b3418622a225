import { Anchor, Title } from '@mantine/core';
import { Link } from 'react-router';
import { Loaded } from '../page/loaded.tsx';
import { PageTitle } from '../page/page-title.tsx';
import { pathOf, useCategories } from './connectors.ts';

/** WSO2's Identity Providers › Resident: everything that can be set while the server runs. */
export function ConnectorsPage() {
  return (
    <>
      <PageTitle lead="Identity Providers › Resident. What is set here counts at once, for this tenant, and before what deployment.toml says.">Account Management</PageTitle>
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
                    <span className="quiet">{settingsOf(connector.properties.length)}</span>
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

function settingsOf(count: number): string {
  return count === 1 ? '1 setting' : `${count} settings`;
}
