import { Button } from '@mantine/core';
import { useState } from 'react';
import { Empty } from '../page/empty.tsx';
import { Loaded } from '../page/loaded.tsx';
import { PageTitle } from '../page/page-title.tsx';
import { useIsAdministrator } from '../session/use-is-administrator.ts';
import { useFailures } from './deliveries.ts';
import { FailureCard } from './failure-card.tsx';
import { everything, groupTarget, type ReplayTarget } from './replay.ts';
import { ReplayDialog } from './replay-dialog.tsx';

/** The desk: what has failed, by cause, from where it is sent again. */
export function FailuresPage() {
  const failures = useFailures();
  const mayReplay = useIsAdministrator();
  const [target, setTarget] = useState<ReplayTarget | null>(null);
  const groups = failures.data?.groups ?? [];
  return (
    <>
      <PageTitle
        lead={`Mails that did not go out, and events that could not be read, by cause, most of it first.${mayReplay ? '' : ' Administrators can have them sent again.'}`}
        actions={mayReplay && groups.length > 1 && <Button variant="default" onClick={() => setTarget(everything(groups))}>Replay all</Button>}
      >
        Failures
      </PageTitle>
      <Loaded query={failures}>
        {({ groups: failed }) =>
          failed.length === 0 ? (
            <Empty title="Nothing has failed">Every mail was sent, is on its way, or was overtaken by a newer one.</Empty>
          ) : (
            <ul className="failures">
              {failed.map((group) => (
                <FailureCard key={`${group.state} ${group.cause}`} group={group} target={groupTarget(group, failed)} onReplay={mayReplay ? setTarget : null} />
              ))}
            </ul>
          )
        }
      </Loaded>
      {target && <ReplayDialog target={target} onClose={() => setTarget(null)} />}
    </>
  );
}
