/** Where a recovery service may be killed by `CRASH_AT`, and what it does there. */
const ofRecoveryService = [
  { point: 'K1', role: 'answers', when: 'before the key is issued', fault: 'F1', copies: 1 },
  { point: 'K2', role: 'answers', when: 'while its statement is on its way', fault: 'F1', copies: 1 },
  { point: 'K3', role: 'answers', when: 'when it is committed, before the reply', fault: 'F1', copies: 1 },
  { point: 'K4', role: 'relays', when: 'when it has claimed an event', fault: 'F2', copies: 1 },
  { point: 'K5', role: 'relays', when: 'while it publishes it', fault: 'F2', copies: 1 },
  { point: 'K6', role: 'relays', when: 'when the bus has it, before it is marked', fault: 'F2', copies: 1 },
  { point: 'K18', role: 'resets', when: 'before the transaction', fault: 'I4', copies: 1 },
  { point: 'K19', role: 'resets', when: 'within it', fault: 'I4', copies: 1 },
  { point: 'K20', role: 'resets', when: 'when it is committed, before the reply', fault: 'I4', copies: 1 },
] as const;

/**
 * And a notification service: how each kill finds the mail, and how many copies the relay has in the end: a second one only where it has taken the first and its
 * answer was lost.
 */
export const killPointsOfNotificationService = [
  { point: 'K7', role: 'notifies', when: 'before the event is in the inbox', fault: 'F3', copies: 1, left: null },
  { point: 'K8', role: 'notifies', when: 'when the inbox has it, before the bus is told', fault: 'F3', copies: 1, left: /PENDING|SENDING pre/ },
  { point: 'K9', role: 'notifies', when: 'when the bus has been told', fault: 'F3', copies: 1, left: /SENT/ },
  { point: 'K10', role: 'notifies', when: 'when the mail is claimed', fault: 'F4', copies: 1, left: /SENDING pre/ },
  { point: 'K11', role: 'notifies', when: 'when it is connected to the relay', fault: 'F4', copies: 1, left: /SENDING pre/ },
  { point: 'K12', role: 'notifies', when: 'at the 354, before the mark', fault: 'F4', copies: 1, left: /SENDING pre/ },
  { point: 'K13', role: 'notifies', when: 'at the mark, before the body', fault: 'F5', copies: 1, left: /SENDING data/ },
  { point: 'K14', role: 'notifies', when: 'in the middle of the body', fault: 'F5', copies: 1, left: /SENDING data/ },
  { point: 'K15', role: 'notifies', when: 'when the dot is sent, before the 250', fault: 'F5', copies: 2, left: /SENDING data/ },
  { point: 'K16', role: 'notifies', when: 'at the 250, before SENT is written down', fault: 'F5', copies: 2, left: /SENDING data/ },
  { point: 'K17', role: 'notifies', when: 'when SENT is written down', fault: 'F5', copies: 1, left: /SENT/ },
] as const;

export const killPoints = [...ofRecoveryService, ...killPointsOfNotificationService] as const;

export type KillPoint = (typeof killPoints)[number];
