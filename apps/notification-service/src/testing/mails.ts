import { randomUUID } from 'node:crypto';
import type { Mail } from '../smtp/mail.ts';

/** @param lines of the body */
export function aMail({ to = 'kim@example.com', lines = ['Hello'] }: { to?: string; lines?: readonly string[] } = {}): Mail {
  const messageId = `<${randomUUID()}@example.com>`;
  const raw = Buffer.from([`Message-ID: ${messageId}`, 'Subject: Reset your password', '', ...lines, ''].join('\r\n'));
  return { messageId, envelope: { from: 'noreply@example.com', to }, raw };
}
