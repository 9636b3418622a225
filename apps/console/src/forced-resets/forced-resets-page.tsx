import { Anchor } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { Empty } from '../page/empty.tsx';
import { KeysetPaging } from '../page/keyset-paging.tsx';
import { Loaded } from '../page/loaded.tsx';
import { Moment } from '../page/moment.tsx';
import { PageTitle } from '../page/page-title.tsx';
import { Table } from '../page/table.tsx';
import { useHasRole } from '../session/use-has-role.ts';
import { useForcedResets, type ForcedReset } from './forced-resets.ts';
import { Progress } from './progress.tsx';
import { ResetState } from './reset-state.tsx';

/** The resets that were forced upon many, newest first. */
export function ForcedResetsPage() {
  const { t } = useTranslation('forced-resets');
  const [address] = useSearchParams();
  const mayStart = useHasRole('administrator', 'helpdesk');
  return (
    <>
      <PageTitle
        lead={t('lead')}
        actions={
          mayStart && (
            <Link className="button-link" to="/forced-resets/new">
              {t('start.title')}
            </Link>
          )
        }
      >
        {t('title')}
      </PageTitle>
      <Loaded query={useForcedResets(address.get('after'))}>
        {({ forcedResets, next }) =>
          forcedResets.length === 0 ? (
            <Empty title={t('empty.title')}>{t('empty.lead')}</Empty>
          ) : (
            <>
              <ForcedResetTable forcedResets={forcedResets} />
              <KeysetPaging next={next} />
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
