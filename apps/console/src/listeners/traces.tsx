import { Badge, Checkbox } from '@mantine/core';
import { answered, rekey, useFormats } from '@rekey/web';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Empty } from '../page/empty.tsx';
import { Loaded } from '../page/loaded.tsx';
import { Moment } from '../page/moment.tsx';
import { Table } from '../page/table.tsx';

const everyMs = 5_000;

/** What the listeners did to the last operations, newest first. Those that only read are many, the Console's own among them, and left out until they are asked for. */
export function Traces() {
  const { t } = useTranslation('listeners');
  const { number } = useFormats();
  const [withReads, setWithReads] = useState(false);
  const traces = useQuery({
    queryKey: ['listeners', 'traces', withReads],
    queryFn: async ({ signal }) => answered(rekey.GET('/listeners/traces', { params: { query: { reads: withReads ? 'true' : 'false' } }, signal })),
    refetchInterval: everyMs,
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <Checkbox label={t('traces.reads')} checked={withReads} onChange={(event) => setWithReads(event.currentTarget.checked)} />
      <Loaded query={traces}>
        {({ traces: latest }) =>
          latest.length === 0 ? (
            <Empty title={t('traces.emptyTitle')}>{t('traces.empty')}</Empty>
          ) : (
            <Table label={t('last')} columns={[t('traces.when'), t('traces.operation'), t('traces.user'), t('traces.outcome'), t('traces.listeners')]}>
              {latest.map(({ at, operation, username, tenantDomain, outcome, steps }, index) => (
                <tr key={`${at} ${index}`}>
                  <td>
                    <Moment at={at} />
                  </td>
                  <th scope="row">{operation}</th>
                  <td>{username === null ? <span className="quiet">{t('traces.nobody')}</span> : `${username}@${tenantDomain}`}</td>
                  <td>
                    <Badge variant="light" color={outcome === 'done' ? 'green' : outcome === 'failed' ? 'red' : 'gray'}>{outcome}</Badge>
                  </td>
                  <td>
                    <ul className="steps">
                      {steps.map(({ listener, hook, verdict, microseconds }, step) => (
                        <li key={step} data-verdict={verdict}>
                          <span>{hook} {listener}</span> <span className="quiet">{verdict === 'continue' ? '' : `${verdict}, `}{t('microseconds', { time: number(microseconds) })}</span>
                        </li>
                      ))}
                    </ul>
                  </td>
                </tr>
              ))}
            </Table>
          )
        }
      </Loaded>
    </>
  );
}
