import { Anchor } from '@mantine/core';
import { Link } from 'react-router';
import { Empty } from '../page/empty.tsx';
import { Loaded } from '../page/loaded.tsx';
import { PageTitle } from '../page/page-title.tsx';
import { useTypes } from './templates.ts';

/** What is mailed, by WSO2's names. */
export function TemplatesPage() {
  return (
    <>
      <PageTitle lead="What the mails of this tenant say, by type and locale. Those that nobody has changed are as shipped.">Templates</PageTitle>
      <Loaded query={useTypes()}>
        {(types) =>
          types.length === 0 ? (
            <Empty title="There are no template types" />
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
