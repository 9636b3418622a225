import { z } from 'zod';
import type { FlowDoor } from './flow-code.ts';
import { links, linksTo } from './links.ts';
import type { Started } from './password-recovery-flow.ts';

const channel = z.object({ id: z.string(), type: z.enum(['EMAIL', 'EXTERNAL']), value: z.string().meta({ description: 'Masked.' }), preferred: z.boolean() });
const waysBody = z.object({ mode: z.literal('recoverWithNotifications'), channelInfo: z.object({ recoveryCode: z.string(), channels: z.array(channel) }), links });

/** WSO2's answer to an `init`. */
export function startedFlowBody(version: FlowDoor['version']): z.ZodType {
  return z.array(version === 'v2' ? waysBody.extend({ flowConfirmationCode: z.string() }) : waysBody);
}

/** @param next the path of the next call below `/recovery` */
export function startedFlow(door: FlowDoor, { recoveryCode, flowCode, channel: type, maskedAddress }: Started, next: string): readonly unknown[] {
  const channels = [{ id: '1', type, value: maskedAddress ?? '', preferred: true }];
  return [{ mode: 'recoverWithNotifications', ...(door.version === 'v2' ? { flowConfirmationCode: flowCode } : {}), channelInfo: { recoveryCode, channels }, links: linksTo(door, { next }) }];
}
