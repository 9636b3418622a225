import { TextInput, Title } from '@mantine/core';
import { BusyButton, Failure } from '@rekey/web';
import { useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useAddTemplate, type Template } from './templates.ts';

const firstTemplate = { contentType: 'text/html', subject: 'Subject', body: '<p>Hello {{user.claim.givenname}}</p>', footer: '' };

/** Adds a locale, which begins as what the English or the first one says. */
export function NewLocale({ typeId, templates }: { readonly typeId: string; readonly templates: readonly Template[] }) {
  const { t } = useTranslation('templates');
  const [locale, setLocale] = useState('');
  const navigate = useNavigate();
  const add = useAddTemplate(typeId);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const id = locale.trim();
    if (add.isPending || id === '') return;
    const begun = templates.find((template) => template.id === 'en_US') ?? templates[0] ?? firstTemplate;
    add.mutate({ ...begun, id }, { onSuccess: () => void navigate(`/templates/${typeId}/${id}`) });
  };
  return (
    <section className="block">
      <Title order={2}>{t('addLocale')}</Title>
      <form className="line" onSubmit={submit}>
        <TextInput className="line-field" label={t('locale')} description={t('localeHint')} value={locale} maxLength={35} autoComplete="off" spellCheck={false} onChange={({ currentTarget }) => setLocale(currentTarget.value)} />
        <BusyButton variant="default" size="sm" busy={add.isPending} resting={locale.trim() === ''}>
          {t('add')}
        </BusyButton>
      </form>
      {add.isError && <Failure error={add.error} />}
    </section>
  );
}
