import { Button, Checkbox } from '@mantine/core';
import { BusyButton, Failure } from '@rekey/web';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
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
    <Dialog title={`Replay ${target.name}?`} onClose={close}>
      {!isSuccess && (
        <>
          <p>
            {target.count === 1 ? 'The mail' : 'Each of them'} is given to the relay again, with the link that it has. What would do harm is left as it is: a mail whose link is no longer the newest, is void, or is about to expire.
          </p>
          <Checkbox checked={copy} onChange={(event) => setCopy(event.currentTarget.checked)} label="Also what may have arrived already" description="Where the relay’s answer was lost, the person may get the mail a second time." />
        </>
      )}
      <div role="status" className="dialog-status">
        {isPending && target.count > 1 && <p>{progressOf(soFar, target.count)}</p>}
        {isSuccess && <ReplayOutcomes outcomes={data} />}
      </div>
      {isError && <Failure error={error} />}
      <div className="dialog-end">
        {!isSuccess && (
          <BusyButton size="sm" busy={isPending} onPress={() => replaying.mutate()}>
            Replay
          </BusyButton>
        )}
        {isPending && target.count > 1 ? (
          <Button variant="default" onClick={() => stop.current.abort()}>
            Stop
          </Button>
        ) : (
          <Button variant="default" onClick={close}>
            {isSuccess ? 'Close' : 'Cancel'}
          </Button>
        )}
      </div>
    </Dialog>
  );
}

function progressOf(outcomes: Outcomes, total: number): string {
  const done = countsOf(outcomes).reduce((sum, { count }) => sum + count, 0);
  return `${done.toLocaleString()} of ${total.toLocaleString()} looked at`;
}
