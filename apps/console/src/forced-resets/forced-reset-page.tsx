import { Code, Title } from '@mantine/core';
import { BusyButton, Failure } from '@rekey/web';
import { useParams } from 'react-router';
import { Fact } from '../page/fact.tsx';
import { Loaded } from '../page/loaded.tsx';
import { Moment } from '../page/moment.tsx';
import { PageTitle } from '../page/page-title.tsx';
import { isUnderWay, useForcedReset, useMove, type ForcedReset } from './forced-resets.ts';
import { Progress } from './progress.tsx';
import { Reasons } from './reasons.tsx';
import { ResetState } from './reset-state.tsx';

/** How far one has come, followed while it is under way. */
export function ForcedResetPage() {
  const { id = '' } = useParams();
  const move = useMove(id);
  return (
    <Loaded query={useForcedReset(id)}>
      {(forcedReset) => (
        <>
          <PageTitle lead={leadOf(forcedReset)} actions={<Moves forcedReset={forcedReset} move={move} />}>
            Forced reset
          </PageTitle>
          {move.isError && <Failure error={move.error} />}
          <dl className="facts">
            <Fact name="State">
              <span role="status">
                <ResetState state={forcedReset.state} />
              </span>
            </Fact>
            <Fact name="Progress">
              <Progress forcedReset={forcedReset} />
            </Fact>
            <Fact name="Reset">{forcedReset.done.toLocaleString()}</Fact>
            <Fact name="Failed">{forcedReset.failed.toLocaleString()}</Fact>
            <Fact name="Skipped">{forcedReset.skipped.toLocaleString()}</Fact>
            {forcedReset.filter !== null && (
              <Fact name="For">
                <Code>{forcedReset.filter}</Code>
              </Fact>
            )}
            <Fact name="What is mailed">{forcedReset.way === null ? 'as the tenant has it' : forcedReset.way === 'otp' ? 'a code' : 'a link'}</Fact>
            <Fact name="Started by">{forcedReset.startedBy}</Fact>
            <Fact name="Asked for">
              <Moment at={forcedReset.createdAt} />
            </Fact>
            {forcedReset.finishedAt !== null && (
              <Fact name="Ended">
                <Moment at={forcedReset.finishedAt} />
              </Fact>
            )}
          </dl>
          <section className="block">
            <Title order={2}>Who was not reset</Title>
            <Reasons forcedReset={forcedReset} />
          </section>
        </>
      )}
    </Loaded>
  );
}

function Moves({ forcedReset, move }: { readonly forcedReset: ForcedReset; readonly move: ReturnType<typeof useMove> }) {
  const { state } = forcedReset;
  if (state === 'done' || state === 'cancelled') return null;
  const isBusy = (name: typeof move.variables) => move.isPending && move.variables === name;
  return (
    <>
      {isUnderWay(forcedReset) ? (
        <BusyButton variant="default" busy={isBusy('pause')} onPress={() => move.mutate('pause')}>
          Pause
        </BusyButton>
      ) : (
        <BusyButton busy={isBusy('resume')} onPress={() => move.mutate('resume')}>
          Resume
        </BusyButton>
      )}
      <BusyButton variant="default" busy={isBusy('cancel')} onPress={() => move.mutate('cancel')}>
        Cancel the rest
      </BusyButton>
    </>
  );
}

function leadOf({ state }: ForcedReset): string {
  switch (state) {
    case 'queued':
      return 'It waits for its turn.';
    case 'running':
      return 'It is under way. This page follows it; it goes on without it too.';
    case 'paused':
      return 'Nobody else is reset until it goes on.';
    case 'done':
      return 'Everybody has had their turn.';
    case 'cancelled':
      return 'It was ended before everybody had their turn. Whoever was reset stays so.';
  }
}
