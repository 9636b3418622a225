import { Anchor, TextInput } from '@mantine/core';
import { BusyButton } from '@rekey/web';
import { useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';

interface AddressQuestionProps {
  readonly address: string | null;
  readonly busy: boolean;
}

/** Whether an address is on the list, which keeps none that could be searched for in part. */
export function AddressQuestion({ address, busy }: AddressQuestionProps) {
  const { t } = useTranslation('suppressed-addresses');
  const navigate = useNavigate();
  const [typed, setTyped] = useState(address ?? '');
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const wanted = typed.trim();
    void navigate(wanted === '' ? '?' : `?${new URLSearchParams({ address: wanted }).toString()}`);
  };
  return (
    <form className="filter question" role="search" aria-label={t('title')} onSubmit={submit}>
      <TextInput label={t('question.label')} placeholder={t('question.hint')} value={typed} autoComplete="off" spellCheck={false} onChange={(event) => setTyped(event.currentTarget.value)} />
      <div className="filter-end">
        <BusyButton variant="default" size="sm" busy={busy}>
          {t('question.submit')}
        </BusyButton>
        {address !== null && (
          <Anchor component={Link} to="?">
            {t('question.all')}
          </Anchor>
        )}
      </div>
    </form>
  );
}
