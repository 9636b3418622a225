import { answered, rekey, type RekeyApi } from '@rekey/web';
import type { TFunction } from 'i18next';
import type { FailureGroup } from './deliveries.ts';

type Request = RekeyApi['/deliveries/replay']['post']['requestBody']['content']['application/json'];
type Filter = Request['filter'];
type Portion = RekeyApi['/deliveries/replay']['post']['responses']['200']['content']['application/json'];
export type Outcomes = Portion['outcomes'];
export type Verdict = (typeof verdicts)[number];

/** What is to be sent again. */
export interface ReplayTarget {
  /** Stands in the sentence "Replay …?" */
  readonly name: string;
  readonly count: number;
  readonly what: { readonly id: string } | { readonly filters: readonly Filter[] };
}

/** One group; those that have no cause cannot be told apart from others of their state, so that all of that state goes with them. */
export function groupTarget({ state, cause, count }: FailureGroup, groups: readonly FailureGroup[], t: TFunction<'deliveries'>): ReplayTarget {
  if (cause !== null) return { name: t('replay.withCause', { mails: t('mails', { count }), cause }), count, what: { filters: [{ state, cause }] } };
  const ofState = sumOf(groups.filter((group) => group.state === state));
  return { name: t('replay.inState', { mails: t('mails', { count: ofState }), state: t(`states.${state}.label`) }), count: ofState, what: { filters: [{ state }] } };
}

export function everything(groups: readonly FailureGroup[], t: TFunction<'deliveries'>): ReplayTarget {
  const count = sumOf(groups);
  return { name: t('replay.all', { count }), count, what: { filters: [...new Set(groups.map(({ state }) => state))].map((state) => ({ state })) } };
}

function sumOf(groups: readonly FailureGroup[]): number {
  return groups.reduce((sum, { count }) => sum + count, 0);
}

interface Replaying {
  /** Whether to send what may have arrived, too. */
  readonly copy: boolean;
  readonly onProgress: (outcomes: Outcomes) => void;
  /** Ends it after the portion that is under way. */
  readonly stop: AbortSignal;
}

/** A hundred after the other, as the server takes them. @throws ApiProblem also for one mail that is refused */
export async function replay({ what }: ReplayTarget, { copy, onProgress, stop }: Replaying): Promise<Outcomes> {
  if ('id' in what) {
    const { outcome } = await answered(rekey.POST('/deliveries/{id}/replay', { params: { path: { id: what.id } }, body: { copy } }));
    return { [outcome]: 1 };
  }
  let outcomes: Outcomes = {};
  for (const filter of what.filters) {
    let after: string | null = null;
    do {
      const portion: Portion = await answered(rekey.POST('/deliveries/replay', { body: { filter, copy, ...(after !== null && { after }) } }));
      outcomes = added(outcomes, portion.outcomes);
      onProgress(outcomes);
      after = portion.next;
    } while (after !== null && !stop.aborted);
    if (stop.aborted) break;
  }
  return outcomes;
}

function added(some: Outcomes, more: Outcomes): Outcomes {
  const sum: Outcomes = { ...some };
  for (const { verdict, count } of countsOf(more)) sum[verdict] = (sum[verdict] ?? 0) + count;
  return sum;
}

/** In the order in which they are told. */
const verdicts = ['replayed', 'open', 'sent', 'overtaken', 'void', 'expires-soon', 'may-be-a-copy', 'still-unreadable'] as const;

export function countsOf(outcomes: Outcomes): readonly { readonly verdict: Verdict; readonly count: number }[] {
  return verdicts.flatMap((verdict) => {
    const count = outcomes[verdict] ?? 0;
    return count === 0 ? [] : [{ verdict, count }];
  });
}
