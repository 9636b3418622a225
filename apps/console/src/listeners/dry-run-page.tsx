import { NativeSelect, PasswordInput, TextInput, Title } from '@mantine/core';
import { BusyButton, Failure } from '@rekey/web';
import { useRef, useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { PageTitle } from '../page/page-title.tsx';
import { ClaimFields } from './claim-fields.tsx';
import { operations, takesClaims, takesPassword, useDryRun, type Draft } from './dry-run.ts';
import { RehearsalDrawing } from './rehearsal-drawing.tsx';

const blank: Draft = { operation: 'authenticate', username: '', password: '', claims: [{ uri: '', value: '' }] };

/** Asks the chain what it would say, of whoever and whatever one likes. */
export function DryRunPage() {
  const { t } = useTranslation('listeners');
  const [draft, setDraft] = useState(blank);
  const [missing, setMissing] = useState(false);
  const username = useRef<HTMLInputElement>(null);
  const run = useDryRun();
  const change = (changed: Partial<Draft>) => {
    run.reset();
    setMissing(false);
    setDraft({ ...draft, ...changed });
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (run.isPending) return;
    if (draft.username.trim() === '') {
      setMissing(true);
      username.current?.focus();
    } else run.mutate(draft);
  };
  return (
    <>
      <PageTitle lead={t('dryRun.lead')}>{t('dryRun.title')}</PageTitle>
      <form className="settings" onSubmit={submit} noValidate>
        <NativeSelect className="setting" label={t('dryRun.operation')} value={draft.operation} onChange={({ currentTarget }) => change({ operation: operations.find((name) => name === currentTarget.value) ?? draft.operation })}>
          {operations.map((name) => (
            <option key={name} value={name}>
              {t(`dryRun.operations.${name}`)}
            </option>
          ))}
        </NativeSelect>
        <TextInput className="setting" ref={username} label={t('dryRun.username')} description={t('dryRun.usernameMeaning')} required maxLength={255} autoComplete="off" spellCheck={false} value={draft.username} error={missing && t('dryRun.missing')} onChange={(event) => change({ username: event.currentTarget.value })} />
        {takesPassword(draft.operation) && <PasswordInput className="setting" label={t('dryRun.password')} description={t('dryRun.passwordMeaning')} maxLength={4096} autoComplete="new-password" value={draft.password} onChange={(event) => change({ password: event.currentTarget.value })} />}
        {takesClaims(draft.operation) && <ClaimFields claims={draft.claims} onChange={(claims) => change({ claims })} />}
        <div className="form-end">
          {run.isError && <Failure error={run.error} />}
          <div className="form-buttons">
            <BusyButton busy={run.isPending}>{t('dryRun.run')}</BusyButton>
          </div>
        </div>
      </form>
      <section className="block" aria-live="polite">
        {run.data && (
          <>
            <Title order={2}>{t('dryRun.result')}</Title>
            <RehearsalDrawing rehearsal={run.data} />
          </>
        )}
      </section>
    </>
  );
}
