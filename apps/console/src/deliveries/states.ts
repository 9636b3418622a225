import type { RekeyApi } from '@rekey/web';
import type { FailureGroup } from './deliveries.ts';

export type DeliveryState = RekeyApi['/deliveries']['get']['responses']['200']['content']['application/json']['deliveries'][number]['state'];
export type ShownState = DeliveryState | FailureGroup['state'];
type Color = 'blue' | 'green' | 'red' | 'gray';

/** In the order in which a mail may come to them; the last is of an event that could not be read. */
export const colors: Readonly<Record<ShownState, Color>> = {
  PENDING: 'blue',
  SENDING: 'blue',
  UNCERTAIN: 'blue',
  SENT: 'green',
  REJECTED: 'red',
  UNCERTAIN_CLOSED: 'red',
  EXPIRED: 'red',
  SUPPRESSED: 'red',
  CAPPED: 'red',
  SUPERSEDED: 'gray',
  CANCELLED: 'gray',
  DEAD: 'red',
};

export const deliveryStates = Object.keys(colors).filter(isState);

export function isState(text: string): text is DeliveryState {
  return text !== 'DEAD' && Object.hasOwn(colors, text);
}

export function isFailed(state: DeliveryState): state is Exclude<FailureGroup['state'], 'DEAD'> {
  return colors[state] === 'red';
}
