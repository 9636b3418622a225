import { Checkbox, TextInput, Title } from '@mantine/core';
import { answered, rekey } from '@rekey/web';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Empty } from '../page/empty.tsx';
import { Loaded } from '../page/loaded.tsx';
import { PageTitle } from '../page/page-title.tsx';
import { ValueTable, type ConfigurationValue } from './value-table.tsx';

/** What `deployment.toml` comes to, to be read. */
export function ConfigurationPage() {
  const { t } = useTranslation('configuration');
  const configuration = useQuery({ queryKey: ['configuration'], queryFn: async ({ signal }) => answered(rekey.GET('/configuration', { signal })) });
  const [sought, setSought] = useState('');
  const [onlySet, setOnlySet] = useState(false);
  const isShown = ({ key, source, pending }: ConfigurationValue) => key.toLowerCase().includes(sought.trim().toLowerCase()) && (!onlySet || source !== 'default' || pending !== null);
  return (
    <>
      <PageTitle lead={t('lead')}>{t('title')}</PageTitle>
      <div className="line">
        <TextInput type="search" label={t('find')} className="line-field" value={sought} autoComplete="off" spellCheck={false} onChange={(event) => setSought(event.currentTarget.value)} />
        <Checkbox className="line-check" label={t('onlySet')} checked={onlySet} onChange={(event) => setOnlySet(event.currentTarget.checked)} />
      </div>
      <Loaded query={configuration}>{({ values }) => <Tables values={values.filter(isShown)} />}</Loaded>
    </>
  );
}

function Tables({ values }: { readonly values: readonly ConfigurationValue[] }) {
  const { t } = useTranslation('configuration');
  const tables = [...new Set(values.map(({ table }) => table))];
  return (
    <>
      <div role="status">{values.length === 0 ? <Empty title={t('found', { count: 0 })} /> : <p className="quiet">{t('found', { count: values.length })}</p>}</div>
      {tables.map((table) => (
        <section key={table} className="block">
          <Title order={2}>{table === '' ? t('top') : `[${table}]`}</Title>
          <ValueTable label={table === '' ? t('top') : table} values={values.filter((value) => value.table === table)} />
        </section>
      ))}
    </>
  );
}
