import { Button, Checkbox } from '@mantine/core';
import { BusyButton, Failure } from '@rekey/web';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../page/dialog.tsx';
import { deliveriesKey } from './deliveries.ts';
import { countsOf, replay, type Outcomes, type ReplayTarget } from './replay.ts';
import { ReplayOutcomes } from './replay-outcomes.tsx';

interface ReplayDialogProps {
  readonly target: ReplayTarget;
  readonly onClose: () => void;
}

/** Says what a replay does before it is done, and then what it did. */
export function ReplayDialog({ target, onClose }: ReplayDialogProps) {
  const { t } = useTranslation('deliveries');
  const [copy, setCopy] = useState(false);
  const [soFar, setSoFar] = useState<Outcomes>({});
  const stop = useRef(new AbortController());
  const queries = useQueryClient();
  const replaying = useMutation({
    mutationFn: async () => replay(target, { copy, onProgress: setSoFar, stop: stop.current.signal }),
    onSettled: async () => queries.invalidateQueries({ queryKey: deliveriesKey }),
  });
  const { isPending, isSuccess, isError, data, error } = replaying;
  const close = () => {
    stop.current.abort();
    onClose();
  };
  return (
    <Dialog title={t('replay.title', { what: target.name })} onClose={close}>
      {!isSuccess && (
        <>
          <p>
            {target.count === 1 ? t('replay.meaningOne') : t('replay.meaningMany')} {t('replay.leftOut')}
          </p>
          <Checkbox checked={copy} onChange={(event) => setCopy(event.currentTarget.checked)} label={t('replay.copy')} description={t('replay.copyMeaning')} />
        </>
      )}
      <div role="status" className="dialog-status">
        {isPending && target.count > 1 && <p>{t('replay.progress', { done: lookedAt(soFar), total: target.count })}</p>}
        {isSuccess && <ReplayOutcomes outcomes={data} />}
      </div>
      {isError && <Failure error={error} />}
      <div className="dialog-end">
        {!isSuccess && (
          <BusyButton size="sm" busy={isPending} onPress={() => replaying.mutate()}>
            {t('replay.submit')}
          </BusyButton>
        )}
        {isPending && target.count > 1 ? (
          <Button variant="default" onClick={() => stop.current.abort()}>
            {t('replay.stop')}
          </Button>
        ) : (
          <Button variant="default" onClick={close}>
            {isSuccess ? t('replay.close') : t('replay.cancel')}
          </Button>
        )}
      </div>
    </Dialog>
  );
}

function lookedAt(outcomes: Outcomes): number {
  return countsOf(outcomes).reduce((sum, { count }) => sum + count, 0);
}
