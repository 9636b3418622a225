import { z } from 'zod';
import { links } from '../api-docs/error-response.ts';
import { boundedText, properties } from '../http/body.ts';
import { ApiError } from '../http/error-catalogue.ts';
import type { FlowDoor } from './flow-code.ts';
import type { FlowRefused } from './flow-refusal.ts';
import { linksTo } from './links.ts';
import { onlyChannelId, type Started } from './recovery-flows.ts';

export const initRequest = z.strictObject({ claims: z.array(z.strictObject({ uri: boundedText(255), value: boundedText(320) })).min(1).max(20), properties: properties.optional() });
/** A text; WSO2's examples have it as a number, too. */
const channelId = z.union([boundedText(16), z.int().positive()]).transform(String);

export const recoverRequest = z.strictObject({ recoveryCode: boundedText(1024), channelId, properties: properties.optional() });

const channel = z.object({ id: z.string(), type: z.enum(['EMAIL', 'EXTERNAL']), value: z.string().meta({ description: 'Masked. It is the same for everybody, unless callers are told who exists and has an address.' }), preferred: z.boolean() });
const waysBody = z.object({ mode: z.literal('recoverWithNotifications'), channelInfo: z.object({ recoveryCode: z.string(), channels: z.array(channel) }), links });

/** WSO2's answer to an `init`. @param more fields beside those that every one has */
export function startedFlowBody(more: z.ZodRawShape): z.ZodType {
  return z.array(waysBody.extend(more));
}

/** @param next the path of the next call below `/recovery` */
export function startedFlow(door: FlowDoor, { recoveryCode, channel: type, maskedAddress }: Started, next: string, more: Readonly<Record<string, string>> = {}): readonly unknown[] {
  const channels = [{ id: onlyChannelId, type, value: maskedAddress ?? '', preferred: true }];
  return [{ mode: 'recoverWithNotifications', ...more, channelInfo: { recoveryCode, channels }, links: linksTo(door, { next }) }];
}

/** @throws ApiError where the step was refused */
export function granted<Outcome extends { readonly kind: string }>(outcome: Outcome | FlowRefused): Exclude<Outcome, FlowRefused> {
  if (isRefused(outcome)) throw new ApiError(outcome.code);
  return outcome as Exclude<Outcome, FlowRefused>; // what is left
}

function isRefused(outcome: { readonly kind: string }): outcome is FlowRefused {
  return outcome.kind === 'refused';
}
