import { Radio, Textarea, TextInput } from '@mantine/core';
import { answered, BusyButton, Failure, scim } from '@rekey/web';
import { useMutation } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { useNavigate } from 'react-router';
import { PageTitle } from '../page/page-title.tsx';
import { useStart, type Way } from './forced-resets.ts';
import { WayField } from './way-field.tsx';

interface Draft {
  readonly by: 'list' | 'filter';
  readonly list: string;
  readonly filter: string;
  readonly way: Way;
  /** Another with every change: the same draft starts one reset, however often it is sent. */
  readonly key: string;
}

/** In two steps: how many it would be, and then that it is to be. */
export function NewForcedResetPage() {
  const [draft, setDraft] = useState<Draft>(() => ({ by: 'list', list: '', filter: '', way: null, key: crypto.randomUUID() }));
  const navigate = useNavigate();
  const start = useStart(({ id }) => void navigate(`/forced-resets/${id}`));
  const count = useMutation({ mutationFn: async () => countOf(draft) });
  const change = (changes: Partial<Draft>) => {
    start.reset();
    count.reset();
    setDraft({ ...draft, ...changes, key: crypto.randomUUID() });
  };
  const users = count.data;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (count.isPending || start.isPending || isBlank(draft)) return;
    if (users === undefined || users === 0) count.mutate();
    else start.mutate({ whom: draft.by === 'list' ? { users: namesIn(draft) } : { filter: draft.filter.trim() }, way: draft.way, key: draft.key });
  };
  return (
    <>
      <PageTitle lead="You are left out yourself. Who has no address is reset too, and is reached by nobody until they have one.">Start a forced reset</PageTitle>
      <form className="settings" onSubmit={submit} noValidate>
        <Radio.Group className="setting" label="For whom" value={draft.by} onChange={(by) => change({ by: by === 'list' ? 'list' : 'filter' })}>
          <Radio className="radio" value="list" label="A list" />
          <Radio className="radio" value="filter" label="Everybody whom a filter finds" description="Asked anew while it is under way: who is made meanwhile is reset too." />
        </Radio.Group>
        {draft.by === 'list' ? (
          <Textarea className="setting" label="Users" description="Usernames or ids, one a line; at most 10,000." rows={6} value={draft.list} autoComplete="off" spellCheck={false} onChange={({ currentTarget }) => change({ list: currentTarget.value })} />
        ) : (
          <TextInput className="setting" label="Filter" description={'SCIM’s, such as emails co "@example.com" and active eq true'} maxLength={2_048} value={draft.filter} autoComplete="off" spellCheck={false} onChange={({ currentTarget }) => change({ filter: currentTarget.value })} />
        )}
        <WayField className="setting" value={draft.way} onChange={(way) => change({ way })} />
        <div className="form-end">
          {(count.error ?? start.error) && <Failure error={count.error ?? start.error} />}
          <div className="form-buttons">
            <BusyButton busy={count.isPending || start.isPending} resting={isBlank(draft)}>
              {users === undefined || users === 0 ? 'Count them' : `Force ${usersIn(users)} to reset`}
            </BusyButton>
            <span className="quiet" role="status">
              {users === undefined ? '' : users === 0 ? 'It finds nobody.' : `${users === 1 ? 'It is' : 'These are'} ${usersIn(users)}.`}
            </span>
          </div>
        </div>
      </form>
    </>
  );
}

function usersIn(count: number): string {
  return count === 1 ? '1 user' : `${count.toLocaleString()} users`;
}

function namesIn({ list }: Draft): string[] {
  return [...new Set(list.split('\n').map((line) => line.trim()).filter(Boolean))];
}

function isBlank(draft: Draft): boolean {
  return draft.by === 'list' ? namesIn(draft).length === 0 : draft.filter.trim() === '';
}

async function countOf(draft: Draft): Promise<number> {
  if (draft.by === 'list') return namesIn(draft).length;
  const { totalResults } = await answered(scim.POST('/Users/.search', { body: { filter: draft.filter.trim(), count: 0 } }));
  return totalResults;
}
