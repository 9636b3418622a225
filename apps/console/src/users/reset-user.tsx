import { Anchor } from '@mantine/core';
import { BusyButton, Failure } from '@rekey/web';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useStart, type Way } from '../forced-resets/forced-resets.ts';
import { WayField } from '../forced-resets/way-field.tsx';
import { Action } from '../page/action.tsx';
import { Done } from '../page/done.tsx';
import { usersKey } from './users.ts';

/** A forced reset of one, as a list of one. */
export function ResetUser({ userId }: { readonly userId: string }) {
  const { t } = useTranslation('users');
  const [way, setWay] = useState<Way>(null);
  const [key, setKey] = useState(() => crypto.randomUUID());
  const queries = useQueryClient();
  const start = useStart(() => {
    setKey(crypto.randomUUID());
    void queries.invalidateQueries({ queryKey: usersKey });
  });
  return (
    <Action title={t('reset.title')} meaning={t('reset.meaning')}>
      <WayField value={way} onChange={setWay} />
      <BusyButton variant="default" size="sm" busy={start.isPending} onPress={() => start.mutate({ whom: { users: [userId] }, way, key })}>
        {t('reset.do')}
      </BusyButton>
      {start.isError && <Failure error={start.error} />}
      <Done>
        {start.data && (
          <>
            {t('reset.started')}{' '}
            <Anchor component={Link} to={`/forced-resets/${start.data.id}`}>
              {t('reset.follow')}
            </Anchor>
          </>
        )}
      </Done>
    </Action>
  );
}
