import { Badge, Title } from '@mantine/core';
import { BusyButton } from '@rekey/web';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Done } from '../page/done.tsx';
import { Empty } from '../page/empty.tsx';
import { Loaded } from '../page/loaded.tsx';
import { Moment } from '../page/moment.tsx';
import { Table } from '../page/table.tsx';
import { useHasRole } from '../session/use-has-role.ts';
import { Comparison } from './comparison.tsx';
import { RestoreDialog } from './restore-dialog.tsx';
import { useVersions, type TemplatePlace, type Version } from './templates.ts';

/** What the tenant saved and removed, newest first; each can count again, as a new one. */
export function Versions({ place }: { readonly place: TemplatePlace }) {
  const { t } = useTranslation('templates');
  /** What is asked about: a version, or what was shipped. */
  const [asked, setAsked] = useState<number | 'shipped' | null>(null);
  const [done, setDone] = useState('');
  const mayChange = useHasRole('administrator');
  const ask = (what: number | 'shipped') => {
    setDone('');
    setAsked(what);
  };
  return (
    <section className="block">
      <Title order={2}>{t('versions')}</Title>
      <Done>{done}</Done>
      <Loaded query={useVersions(place)}>
        {({ versions }) => {
          const speaking = versions.filter(({ subject }) => subject !== null);
          return versions.length === 0 ? (
            <Empty title={t('asShipped')}>{t('noVersion')}</Empty>
          ) : (
            <>
              <Table label={t('versions')} columns={[t('version'), t('savedAt'), t('savedBy'), t('subject'), t('restore')]}>
                {versions.map((version) => (
                  <Row key={version.version} version={version} onRestore={mayChange ? () => ask(version.version) : null} />
                ))}
              </Table>
              {mayChange && versions.some(({ current, subject }) => current && subject !== null) && (
                <div>
                  <BusyButton variant="default" size="sm" busy={false} onPress={() => ask('shipped')}>
                    {t('removeOurs')}
                  </BusyButton>
                </div>
              )}
              {speaking.length > 1 && <Comparison key={speaking[0]?.version} place={place} versions={speaking} />}
            </>
          );
        }}
      </Loaded>
      {asked !== null && (
        <RestoreDialog
          place={place}
          version={asked === 'shipped' ? null : asked}
          onDone={(said) => {
            setAsked(null);
            setDone(said);
          }}
          onClose={() => setAsked(null)}
        />
      )}
    </section>
  );
}

interface RowProps {
  readonly version: Version;
  /** null: whoever looks may not. */
  readonly onRestore: (() => void) | null;
}

function Row({ version: { version, savedAt, savedBy, subject, current }, onRestore }: RowProps) {
  const { t } = useTranslation('templates');
  return (
    <tr>
      <th scope="row">{version}</th>
      <td>
        <Moment at={savedAt} />
      </td>
      <td>{savedBy ?? <span className="quiet">{t('unknown')}</span>}</td>
      <td>{subject === null ? <span className="quiet">{t('asShipped')}</span> : <bdi>{subject}</bdi>}</td>
      <td>
        {current ? (
          <Badge variant="light" color="green">
            {t('countsNow')}
          </Badge>
        ) : (
          onRestore && (
            <BusyButton variant="default" size="sm" busy={false} onPress={onRestore}>
              {t('restore')}
            </BusyButton>
          )
        )}
      </td>
    </tr>
  );
}
