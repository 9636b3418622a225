import { Radio, Textarea, TextInput } from '@mantine/core';
import { answered, BusyButton, Failure, scim } from '@rekey/web';
import { useMutation } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { PageTitle } from '../page/page-title.tsx';
import { useHasRole } from '../session/use-has-role.ts';
import { useStart, type Way } from './forced-resets.ts';
import { WayField } from './way-field.tsx';

interface Draft {
  readonly by: 'list' | 'filter';
  readonly list: string;
  readonly filter: string;
  readonly way: Way;
  /** Another with every change: the same draft starts one reset, however often it is sent. */
  readonly key: string;
}

/** In two steps: how many it would be, and then that it is to be. */
export function NewForcedResetPage() {
  const { t } = useTranslation('forced-resets');
  const [draft, setDraft] = useState<Draft>(() => ({ by: 'list', list: '', filter: '', way: null, key: crypto.randomUUID() }));
  const navigate = useNavigate();
  /** The helpdesk names whom it resets. */
  const mayFilter = useHasRole('administrator');
  const start = useStart(({ id }) => void navigate(`/forced-resets/${id}`));
  const count = useMutation({ mutationFn: async () => countOf(draft) });
  const change = (changes: Partial<Draft>) => {
    start.reset();
    count.reset();
    setDraft({ ...draft, ...changes, key: crypto.randomUUID() });
  };
  const users = count.data;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (count.isPending || start.isPending || isBlank(draft)) return;
    if (users === undefined || users === 0) count.mutate();
    else start.mutate({ whom: draft.by === 'list' ? { users: namesIn(draft) } : { filter: draft.filter.trim() }, way: draft.way, key: draft.key });
  };
  return (
    <>
      <PageTitle lead={t('start.lead')}>{t('start.title')}</PageTitle>
      <form className="settings" onSubmit={submit} noValidate>
        {mayFilter && (
          <Radio.Group className="setting" label={t('start.whom')} value={draft.by} onChange={(by) => change({ by: by === 'list' ? 'list' : 'filter' })}>
            <Radio className="radio" value="list" label={t('start.list')} />
            <Radio className="radio" value="filter" label={t('start.filter')} description={t('start.filterMeaning')} />
          </Radio.Group>
        )}
        {draft.by === 'list' ? (
          <Textarea className="setting" label={t('start.users')} description={t('start.usersHint', { most: 10_000 })} rows={6} value={draft.list} autoComplete="off" spellCheck={false} onChange={({ currentTarget }) => change({ list: currentTarget.value })} />
        ) : (
          <TextInput className="setting" label={t('start.filterField')} description={t('start.filterHint')} maxLength={2_048} value={draft.filter} autoComplete="off" spellCheck={false} onChange={({ currentTarget }) => change({ filter: currentTarget.value })} />
        )}
        <WayField className="setting" value={draft.way} onChange={(way) => change({ way })} />
        <div className="form-end">
          {(count.error ?? start.error) && <Failure error={count.error ?? start.error} />}
          <div className="form-buttons">
            <BusyButton busy={count.isPending || start.isPending} resting={isBlank(draft)}>
              {users === undefined || users === 0 ? t('start.count') : t('start.submit', { count: users })}
            </BusyButton>
            <span className="quiet" role="status">
              {users === undefined ? '' : users === 0 ? t('start.nobody') : t('start.counted', { count: users })}
            </span>
          </div>
        </div>
      </form>
    </>
  );
}

function namesIn({ list }: Draft): string[] {
  return [...new Set(list.split('\n').map((line) => line.trim()).filter(Boolean))];
}

function isBlank(draft: Draft): boolean {
  return draft.by === 'list' ? namesIn(draft).length === 0 : draft.filter.trim() === '';
}

async function countOf(draft: Draft): Promise<number> {
  if (draft.by === 'list') return namesIn(draft).length;
  const { totalResults } = await answered(scim.POST('/Users/.search', { body: { filter: draft.filter.trim(), count: 0 } }));
  return totalResults;
}
