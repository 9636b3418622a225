import { Anchor } from '@mantine/core';
import { BusyButton, Failure } from '@rekey/web';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { useStart, type Way } from '../forced-resets/forced-resets.ts';
import { WayField } from '../forced-resets/way-field.tsx';
import { Action } from '../page/action.tsx';
import { Done } from '../page/done.tsx';
import { usersKey } from './users.ts';

/** A forced reset of one, as a list of one. */
export function ResetUser({ userId }: { readonly userId: string }) {
  const [way, setWay] = useState<Way>(null);
  const [key, setKey] = useState(() => crypto.randomUUID());
  const queries = useQueryClient();
  const start = useStart(() => {
    setKey(crypto.randomUUID());
    void queries.invalidateQueries({ queryKey: usersKey });
  });
  return (
    <Action title="Force a reset" meaning="Is signed out, and signs in again once another password is set, by the link or the code that is mailed.">
      <WayField value={way} onChange={setWay} />
      <BusyButton variant="default" size="sm" busy={start.isPending} onPress={() => start.mutate({ whom: { users: [userId] }, way, key })}>
        Force reset
      </BusyButton>
      {start.isError && <Failure error={start.error} />}
      <Done>
        {start.data && (
          <>
            Started.{' '}
            <Anchor component={Link} to={`/forced-resets/${start.data.id}`}>
              See how far it is
            </Anchor>
          </>
        )}
      </Done>
    </Action>
  );
}
