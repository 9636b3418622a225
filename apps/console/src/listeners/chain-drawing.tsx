import { Badge, Code } from '@mantine/core';
import type { RekeyApi } from '@rekey/web';
import { useTranslation } from 'react-i18next';
import { Table } from '../page/table.tsx';

type Listener = RekeyApi['/listeners']['get']['responses']['200']['content']['application/json']['listeners'][number];

/** The listeners one below the other, the handlers of `governance_identity_mgt` inside it. */
export function ChainDrawing({ listeners }: { readonly listeners: readonly Listener[] }) {
  const { t } = useTranslation('listeners');
  return (
    <ol className="chain">
      {listeners.map((listener) => (
        <li key={listener.name} className="chain-link" data-off={!listener.enable || undefined}>
          <div className="chain-head">
            <span className="priority">{listener.priority}</span>
            <span className="chain-name">{listener.name}</span>
            <Badge variant="light" color={listener.enable ? 'green' : 'gray'}>{t(listener.enable ? 'enabled' : 'disabled')}</Badge>
            {listener.kind === 'custom' && <Badge variant="light">{t('thirdParty')}</Badge>}
          </div>
          <p className="quiet">
            {listener.enable ? t(listener.onFailure === 'refuse' ? 'refuses' : 'goesOn', { seconds: listener.timeLimitMs / 1_000 }) : t('notCalled')}
          </p>
          {listener.hooks.length > 0 && (
            <p className="hooks">
              {listener.hooks.map((hook) => (
                <Code key={hook}>{hook}</Code>
              ))}
            </p>
          )}
          {listener.handlers && <Handlers handlers={listener.handlers} />}
        </li>
      ))}
    </ol>
  );
}

function Handlers({ handlers }: { readonly handlers: NonNullable<Listener['handlers']> }) {
  const { t } = useTranslation('listeners');
  return (
    <Table label={t('handlers')} columns={[t('columns.priority'), t('columns.handler'), t('columns.subscribes')]}>
      {handlers.map(({ name, priority, enable, subscriptions, within }) => (
        <tr key={name} data-off={!enable || undefined}>
          <td className="number">{priority}</td>
          <th scope="row">
            {name} {!enable && <Badge variant="light" color="gray">{t('disabled')}</Badge>}
          </th>
          <td className="hooks">
            {[...subscriptions, ...within.map((operation) => t('within', { operation }))].map((event) => (
              <Code key={event}>{event}</Code>
            ))}
          </td>
        </tr>
      ))}
    </Table>
  );
}
