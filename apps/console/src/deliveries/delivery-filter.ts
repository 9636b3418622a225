import type { RekeyApi } from '@rekey/web';
import { isState } from './states.ts';

type Query = NonNullable<RekeyApi['/deliveries']['get']['parameters']['query']>;
export type DeliveryFilter = Omit<Query, 'after' | 'limit'>;

/** Beside the state: who is asked about when somebody calls. */
export const callerFields = ['user', 'recipient', 'reference'] as const;
export const furtherFields = ['type', 'relay', 'cause'] as const;
export const timeFields = ['from', 'to'] as const;

/** What the page's address asks for; a state that there is not is left out. */
export function filterOf(address: URLSearchParams): DeliveryFilter {
  const state = address.get('state') ?? '';
  const asked = [...callerFields, ...furtherFields, ...timeFields].map((name) => [name, address.get(name) ?? ''] as const).filter(([, value]) => value !== '');
  return { ...(isState(state) && { state }), ...Object.fromEntries(asked) };
}

/** Where the mails are that the filter finds. */
export function addressOf(filter: DeliveryFilter): string {
  const query = new URLSearchParams(Object.entries(filter)).toString();
  return query === '' ? '/deliveries' : `/deliveries?${query}`;
}

/** With what was typed instead of what was asked for before; times stand in the reader's own zone in their fields. */
export function filterWith(filter: DeliveryFilter, typed: Readonly<Record<string, string>>): DeliveryFilter {
  const changes = Object.entries(typed).map(([name, value]) => [name, name === 'from' || name === 'to' ? fromLocalTime(value) : value.trim()] as const);
  return filterOf(new URLSearchParams({ ...filter, ...Object.fromEntries(changes) }));
}

/** @param at as ISO 8601; what is no time is as good as none */
export function toLocalTime(at: string): string {
  const moment = new Date(at);
  return Number.isNaN(moment.getTime()) ? '' : new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function fromLocalTime(local: string): string {
  const moment = new Date(local);
  return Number.isNaN(moment.getTime()) ? '' : moment.toISOString();
}
