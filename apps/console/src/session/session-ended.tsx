import { Anchor, Button } from '@mantine/core';
import { sessionKey } from '@rekey/web';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../page/dialog.tsx';

interface SessionEndedProps {
  readonly signInPage: string;
  readonly onLeave: () => void;
}

const askedAgainMs = 3_000;

/** Stands before a page with something unsaved until somebody has signed in again, in another tab: this one asks again and again who is. */
export function SessionEnded({ signInPage, onLeave }: SessionEndedProps) {
  const { t } = useTranslation('session');
  const queries = useQueryClient();
  useEffect(() => {
    const asking = setInterval(() => void queries.invalidateQueries({ queryKey: sessionKey }), askedAgainMs);
    return () => clearInterval(asking);
  }, [queries]);
  return (
    <Dialog title={t('ended.title')} onClose={() => undefined}>
      <p>{t('ended.lead')}</p>
      <div className="dialog-end">
        <Anchor href={signInPage} target="_blank" className="button-link">
          {t('signIn')}
        </Anchor>
        <Button variant="default" onClick={onLeave}>
          {t('ended.leave')}
        </Button>
      </div>
    </Dialog>
  );
}
