import { z } from 'zod';
import { eventDataSchemas, schemaVersion, type EventType } from './event-data.ts';
import { eventExamples } from './event-examples.ts';
import { schemaUrn } from './schema-urn.ts';

/** JSON Schema, draft 7: what AsyncAPI 3.0 reads too. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What each type says, in a sentence. */
export const eventSummaries: Readonly<Record<EventType, string>> = {
  PasswordRecoveryRequested: 'Somebody has asked for a new password: a link, or a code, is mailed.',
  UsernameRecoveryRequested: 'Somebody has forgotten the name of an account: it is mailed.',
  PasswordRecovered: 'A password was set by a recovery: what still waits of its links is cancelled, and the person is told.',
  RecoveryVoided: 'The links up to a generation are void: what still waits of them is not mailed.',
  AccountLocked: 'An account was locked: the person is told.',
  AccountUnlocked: 'An account is no longer locked: the person is told.',
  AccountChanged: 'An account was changed otherwise than by a recovery: the person is told.',
  AccountConfirmationRequested: 'Somebody has registered an account: a link by which the address is proved is mailed.',
  NotificationSent: 'The mail relay has taken the mail.',
  NotificationFailed: 'The mail was refused for good, or nobody knows whether it arrived.',
  NotificationExpired: 'The mail was not sent: its link was about to expire.',
  NotificationSuperseded: 'The mail was not sent: a newer one takes its place, or its link was voided.',
};

/** The data of a type, from the very schema that readers check it with. What no schema can say, such as how a link is spelled, is checked beside it. */
export function jsonSchemaOf(type: EventType): JsonSchema {
  const schema = z.toJSONSchema(eventDataSchemas[type], {
    target: 'draft-7',
    // By which expression zod checks a format is nobody's business; that times are of this century, and in UTC, is.
    override: ({ jsonSchema }) => {
      if (jsonSchema.format === 'uuid') delete jsonSchema.pattern;
      if (jsonSchema.format === 'date-time') jsonSchema.pattern = '^20.*Z$';
    },
  });
  return { ...schema, $id: schemaUrn(type, schemaVersion), title: type, description: eventSummaries[type], examples: [eventExamples[type]] };
}
