import { Anchor } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { Empty } from '../page/empty.tsx';
import { Loaded } from '../page/loaded.tsx';
import { Moment } from '../page/moment.tsx';
import { PageTitle } from '../page/page-title.tsx';
import { Paging } from '../page/paging.tsx';
import { Table } from '../page/table.tsx';
import { useForcedResets, type ForcedReset } from './forced-resets.ts';
import { Progress } from './progress.tsx';
import { ResetState } from './reset-state.tsx';

/** The resets that were forced upon many, newest first. */
export function ForcedResetsPage() {
  /** The last of each page that was left behind: the API goes forward alone. */
  const [passed, setPassed] = useState<readonly string[]>([]);
  return (
    <>
      <PageTitle
        lead="After a breach, or when a policy changes: whoever is reset is signed out everywhere, and signs in again once another password is set."
        actions={
          <Link className="button-link" to="/forced-resets/new">
            Start a forced reset
          </Link>
        }
      >
        Forced resets
      </PageTitle>
      <Loaded query={useForcedResets(passed.at(-1) ?? null)}>
        {({ forcedResets, next }) =>
          forcedResets.length === 0 ? (
            <Empty title="Nobody was forced to reset">What is started stands here with how far it is, and for 90 days after its end.</Empty>
          ) : (
            <>
              <ForcedResetTable forcedResets={forcedResets} />
              <Paging onPrevious={passed.length > 0 ? () => setPassed(passed.slice(0, -1)) : null} onNext={next === null ? null : () => setPassed([...passed, next])}>
                {`Page ${passed.length + 1}`}
              </Paging>
            </>
          )
        }
      </Loaded>
    </>
  );
}

function ForcedResetTable({ forcedResets }: { readonly forcedResets: readonly ForcedReset[] }) {
  return (
    <Table label="Forced resets" columns={['Started', 'For', 'By', 'State', 'Progress']}>
      {forcedResets.map((forcedReset) => (
        <tr key={forcedReset.id}>
          <th scope="row">
            <Anchor component={Link} to={`/forced-resets/${forcedReset.id}`}>
              <Moment at={forcedReset.createdAt} />
            </Anchor>
          </th>
          <td>{forcedReset.filter ?? 'a list'}</td>
          <td>{forcedReset.startedBy}</td>
          <td>
            <ResetState state={forcedReset.state} />
          </td>
          <td>
            <Progress forcedReset={forcedReset} />
          </td>
        </tr>
      ))}
    </Table>
  );
}
