import { TextInput } from '@mantine/core';
import { answered, BusyButton, Failure, rekey } from '@rekey/web';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Action } from '../page/action.tsx';
import { deadEventsKey, type DeadEvent } from './dead-events.ts';

/** What an administrator may decide about it: that it is read again, or left for good. */
export function DeadEventActions({ event: { id, state } }: { readonly event: DeadEvent }) {
  const { t } = useTranslation('dead-events');
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState(false);
  const path = { params: { path: { id } } };
  const onSuccess = async () => queries.invalidateQueries({ queryKey: deadEventsKey });
  const replay = useMutation({ mutationFn: async () => answered(rekey.POST('/dead-events/{id}/replay', path)), onSuccess });
  const discard = useMutation({ mutationFn: async () => answered(rekey.POST('/dead-events/{id}/discard', { ...path, body: { reason: reason.trim() } })), onSuccess });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setMissing(reason.trim() === '');
    if (reason.trim() !== '' && !discard.isPending) discard.mutate();
  };
  return (
    <ul className="choices">
      <Action title={t('replay')} meaning={t('replayMeaning')}>
        <BusyButton variant="default" size="sm" busy={replay.isPending} onPress={() => replay.mutate()}>
          {t('replay')}
        </BusyButton>
        {replay.isError && <Failure error={replay.error} />}
      </Action>
      {state === 'open' && (
        <Action title={t('discard')} meaning={t('discardMeaning')}>
          <form className="line" onSubmit={submit} noValidate>
            <TextInput className="line-field" label={t('why')} value={reason} maxLength={500} autoComplete="off" error={missing && t('whyMissing')} onChange={(event) => setReason(event.currentTarget.value)} />
            <BusyButton variant="default" size="sm" busy={discard.isPending}>
              {t('discard')}
            </BusyButton>
          </form>
          {discard.isError && <Failure error={discard.error} />}
        </Action>
      )}
    </ul>
  );
}
