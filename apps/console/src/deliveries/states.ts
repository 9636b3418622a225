import type { RekeyApi } from '@rekey/web';
import type { FailureGroup } from './deliveries.ts';

export type DeliveryState = RekeyApi['/deliveries']['get']['responses']['200']['content']['application/json']['deliveries'][number]['state'];

interface ShownState {
  readonly label: string;
  readonly color: 'blue' | 'green' | 'red' | 'gray';
  readonly meaning: string;
}

/** In the order in which a mail may come to them. */
export const states: Readonly<Record<DeliveryState, ShownState>> = {
  PENDING: { label: 'waiting', color: 'blue', meaning: 'It is to be sent, or tried again.' },
  SENDING: { label: 'being sent', color: 'blue', meaning: 'A relay is being spoken to.' },
  UNCERTAIN: { label: 'uncertain', color: 'blue', meaning: 'The relay’s answer was lost. It is tried once more.' },
  SENT: { label: 'sent', color: 'green', meaning: 'The relay has taken it.' },
  REJECTED: { label: 'refused', color: 'red', meaning: 'The relay refused the mail for good.' },
  UNCERTAIN_CLOSED: { label: 'may have arrived', color: 'red', meaning: 'The relay’s answer was lost twice. It is not sent again by itself: it has probably arrived.' },
  EXPIRED: { label: 'expired', color: 'red', meaning: 'Its link expired before a relay took the mail.' },
  SUPPRESSED: { label: 'suppressed', color: 'red', meaning: 'Its address is one that is not mailed to.' },
  CAPPED: { label: 'over the limit', color: 'red', meaning: 'One address, or the tenant, had as many mails as it may have.' },
  SUPERSEDED: { label: 'superseded', color: 'gray', meaning: 'A newer mail has taken its place.' },
  CANCELLED: { label: 'cancelled', color: 'gray', meaning: 'Its link was void before it went out.' },
};

export const unreadable: ShownState = { label: 'unreadable', color: 'red', meaning: 'An event came that could not be read. After an upgrade it may be.' };

export function isState(text: string): text is DeliveryState {
  return Object.hasOwn(states, text);
}

export function isFailed(state: DeliveryState): state is Exclude<FailureGroup['state'], 'DEAD'> {
  return states[state].color === 'red';
}

export function shownState(state: FailureGroup['state'] | DeliveryState): ShownState {
  return state === 'DEAD' ? unreadable : states[state];
}
