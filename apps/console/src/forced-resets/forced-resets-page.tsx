import { Anchor } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
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
  const { t } = useTranslation('forced-resets');
  /** The last of each page that was left behind: the API goes forward alone. */
  const [passed, setPassed] = useState<readonly string[]>([]);
  return (
    <>
      <PageTitle
        lead={t('lead')}
        actions={
          <Link className="button-link" to="/forced-resets/new">
            {t('start.title')}
          </Link>
        }
      >
        {t('title')}
      </PageTitle>
      <Loaded query={useForcedResets(passed.at(-1) ?? null)}>
        {({ forcedResets, next }) =>
          forcedResets.length === 0 ? (
            <Empty title={t('empty.title')}>{t('empty.lead')}</Empty>
          ) : (
            <>
              <ForcedResetTable forcedResets={forcedResets} />
              <Paging onPrevious={passed.length > 0 ? () => setPassed(passed.slice(0, -1)) : null} onNext={next === null ? null : () => setPassed([...passed, next])}>
                {t('page', { number: passed.length + 1 })}
              </Paging>
            </>
          )
        }
      </Loaded>
    </>
  );
}

function ForcedResetTable({ forcedResets }: { readonly forcedResets: readonly ForcedReset[] }) {
  const { t } = useTranslation('forced-resets');
  return (
    <Table label={t('title')} columns={[t('table.started'), t('table.for'), t('table.by'), t('facts.state'), t('facts.progress')]}>
      {forcedResets.map((forcedReset) => (
        <tr key={forcedReset.id}>
          <th scope="row">
            <Anchor component={Link} to={`/forced-resets/${forcedReset.id}`}>
              <Moment at={forcedReset.createdAt} />
            </Anchor>
          </th>
          <td>{forcedReset.filter ?? t('table.list')}</td>
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
