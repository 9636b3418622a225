import { maxValueBytes } from './event-data.ts';
import type { EventReader, ReadResult } from './event-reader.ts';
import { parseJson } from './parse-json.ts';
import { recordOf, structuredEvent } from './structured-event.ts';

/** So long an event may be on its way to a webhook: a day of attempts, and an hour for the last one and for clocks that differ. */
export const webhookMaxAgeMs = 25 * 3_600_000;
const clockSkewMs = 3_600_000;
/** In Base64 and with what stands around it, more than any event has. */
export const webhookMaxBytes = 2 * maxValueBytes;

/**
 * Reads what Rekey posts to a webhook, and never throws. The same event may come several times, and anybody may send again what was posted
 * once: whoever takes one remembers its `id` for `webhookMaxAgeMs`, and answers 2xx without doing anything to one that is known. What is
 * older is not believed, so nothing needs to be remembered longer.
 * @param reader that lists the notification service alone
 * @param body as it was received, at most `webhookMaxBytes`
 * @param now milliseconds since 1970
 */
export function readWebhook(reader: EventReader, body: Buffer | string, now = Date.now()): ReadResult {
  if (body.length > webhookMaxBytes) return { kind: 'unreadable', by: 'malformed', reason: `the body is longer than ${webhookMaxBytes}` };
  const parsed = structuredEvent.safeParse(parseJson(body));
  if (!parsed.success) return { kind: 'unreadable', by: 'malformed', reason: 'the body is no CloudEvent in structured mode' };
  const result = reader.read(recordOf(parsed.data), now);
  if (result.kind === 'unreadable') return result;
  const ageMs = now - Date.parse(result.event.time);
  return ageMs <= webhookMaxAgeMs && ageMs >= -clockSkewMs ? result : { kind: 'unreadable', by: 'nobody known', reason: 'the event is of another time' };
}
