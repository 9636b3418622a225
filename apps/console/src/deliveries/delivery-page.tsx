import { Anchor, Button, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { Loaded } from '../page/loaded.tsx';
import { PageTitle } from '../page/page-title.tsx';
import { useHasRole } from '../session/use-has-role.ts';
import { useTimeline } from './deliveries.ts';
import { addressOf } from './delivery-filter.ts';
import { MailFacts } from './mail-facts.tsx';
import type { ReplayTarget } from './replay.ts';
import { ReplayDialog } from './replay-dialog.tsx';
import { isFailed } from './states.ts';
import { TimelineDrawing } from './timeline-drawing.tsx';

/** What became of one mail. */
export function DeliveryPage() {
  const { t } = useTranslation('deliveries');
  const { id = '' } = useParams();
  const mayReplay = useHasRole('administrator');
  const [target, setTarget] = useState<ReplayTarget | null>(null);
  return (
    <>
      <Anchor component={Link} to={addressOf({})} className="way-back">
        {t('mail.back')}
      </Anchor>
      <Loaded query={useTimeline(id)}>
        {(mail) => (
          <>
            <PageTitle
              lead={t('mail.lead', { type: mail.templateType, user: mail.user.username, recipient: mail.recipient })}
              actions={mayReplay && isFailed(mail.state) && <Button onClick={() => setTarget({ name: t('replay.one', { reference: mail.reference }), count: 1, what: { id } })}>{t('replay.submit')}</Button>}
            >
              {t('mail.title', { reference: mail.reference })}
            </PageTitle>
            <MailFacts mail={mail} />
            <section className="block">
              <Title order={2}>{t('mail.happened')}</Title>
              <TimelineDrawing mail={mail} />
            </section>
          </>
        )}
      </Loaded>
      {target && <ReplayDialog target={target} onClose={() => setTarget(null)} />}
    </>
  );
}
