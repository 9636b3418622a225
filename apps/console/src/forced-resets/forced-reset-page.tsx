import { Code, Title } from '@mantine/core';
import { BusyButton, Failure, useFormats } from '@rekey/web';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { Fact } from '../page/fact.tsx';
import { Loaded } from '../page/loaded.tsx';
import { Moment } from '../page/moment.tsx';
import { PageTitle } from '../page/page-title.tsx';
import { useHasRole } from '../session/use-has-role.ts';
import { isUnderWay, useForcedReset, useMove, type ForcedReset } from './forced-resets.ts';
import { Progress } from './progress.tsx';
import { Reasons } from './reasons.tsx';
import { ResetState } from './reset-state.tsx';

/** How far one has come, followed while it is under way. */
export function ForcedResetPage() {
  const { t } = useTranslation('forced-resets');
  const { number } = useFormats();
  const { id = '' } = useParams();
  const move = useMove(id);
  return (
    <Loaded query={useForcedReset(id)}>
      {(forcedReset) => (
        <>
          <PageTitle lead={t(`leads.${forcedReset.state}`)} actions={<Moves forcedReset={forcedReset} move={move} />}>
            {t('one')}
          </PageTitle>
          {move.isError && <Failure error={move.error} />}
          <dl className="facts">
            <Fact name={t('facts.state')}>
              <span role="status">
                <ResetState state={forcedReset.state} />
              </span>
            </Fact>
            <Fact name={t('facts.progress')}>
              <Progress forcedReset={forcedReset} />
            </Fact>
            <Fact name={t('facts.done')}>{number(forcedReset.done)}</Fact>
            <Fact name={t('facts.failed')}>{number(forcedReset.failed)}</Fact>
            <Fact name={t('facts.skipped')}>{number(forcedReset.skipped)}</Fact>
            {forcedReset.filter !== null && (
              <Fact name={t('facts.for')}>
                <Code>{forcedReset.filter}</Code>
              </Fact>
            )}
            <Fact name={t('facts.way')}>{t(`ways.${forcedReset.way ?? 'tenant'}`)}</Fact>
            <Fact name={t('facts.startedBy')}>{forcedReset.startedBy}</Fact>
            <Fact name={t('facts.createdAt')}>
              <Moment at={forcedReset.createdAt} />
            </Fact>
            {forcedReset.finishedAt !== null && (
              <Fact name={t('facts.finishedAt')}>
                <Moment at={forcedReset.finishedAt} />
              </Fact>
            )}
          </dl>
          <section className="block">
            <Title order={2}>{t('reasons.title')}</Title>
            <Reasons forcedReset={forcedReset} />
          </section>
        </>
      )}
    </Loaded>
  );
}

function Moves({ forcedReset, move }: { readonly forcedReset: ForcedReset; readonly move: ReturnType<typeof useMove> }) {
  const { t } = useTranslation('forced-resets');
  const { state } = forcedReset;
  const mayMove = useHasRole('administrator');
  if (!mayMove || state === 'done' || state === 'cancelled') return null;
  const isBusy = (name: typeof move.variables) => move.isPending && move.variables === name;
  return (
    <>
      {isUnderWay(forcedReset) ? (
        <BusyButton variant="default" busy={isBusy('pause')} onPress={() => move.mutate('pause')}>
          {t('moves.pause')}
        </BusyButton>
      ) : (
        <BusyButton busy={isBusy('resume')} onPress={() => move.mutate('resume')}>
          {t('moves.resume')}
        </BusyButton>
      )}
      <BusyButton variant="default" busy={isBusy('cancel')} onPress={() => move.mutate('cancel')}>
        {t('moves.cancel')}
      </BusyButton>
    </>
  );
}
