import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Empty } from '../page/empty.tsx';
import { Loaded } from '../page/loaded.tsx';
import { PageTitle } from '../page/page-title.tsx';
import { useHasRole } from '../session/use-has-role.ts';
import { useFailures } from './deliveries.ts';
import { FailureCard } from './failure-card.tsx';
import { everything, groupTarget, type ReplayTarget } from './replay.ts';
import { ReplayDialog } from './replay-dialog.tsx';

/** The desk: what has failed, by cause, from where it is sent again. */
export function FailuresPage() {
  const { t } = useTranslation('deliveries');
  const failures = useFailures();
  const mayReplay = useHasRole('administrator');
  const [target, setTarget] = useState<ReplayTarget | null>(null);
  const groups = failures.data?.groups ?? [];
  return (
    <>
      <PageTitle
        lead={`${t('failures.lead')}${mayReplay ? '' : ` ${t('failures.administrators')}`}`}
        actions={mayReplay && groups.length > 1 && <Button variant="default" onClick={() => setTarget(everything(groups, t))}>{t('failures.replayAll')}</Button>}
      >
        {t('failures.title')}
      </PageTitle>
      <Loaded query={failures}>
        {({ groups: failed }) =>
          failed.length === 0 ? (
            <Empty title={t('failures.empty.title')}>{t('failures.empty.lead')}</Empty>
          ) : (
            <ul className="cards">
              {failed.map((group) => (
                <FailureCard key={`${group.state} ${group.cause}`} group={group} target={groupTarget(group, failed, t)} onReplay={mayReplay ? setTarget : null} />
              ))}
            </ul>
          )
        }
      </Loaded>
      {target && <ReplayDialog target={target} onClose={() => setTarget(null)} />}
    </>
  );
}
