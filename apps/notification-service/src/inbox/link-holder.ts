import { createHash } from 'node:crypto';
import { recoveryServiceSource } from '@rekey/events';
import { digestUuid } from './digest-uuid.ts';

/**
 * Whose links an event is about: what the inbox and the heads call `user_id`. Each publisher counts the generations of its own links and of no
 * other's, and what it says of one tenant's users says nothing of another's, whatever ids it gives them; so none can overtake, void or hold up
 * what is not its own. To the recovery service, which gives users their ids, it is the id.
 */
export function linkHolderOf(source: string, tenantDomain: string, userId: string): string {
  const id = userId.toLowerCase();
  return source === recoveryServiceSource ? id : digestUuid(createHash('sha256').update(JSON.stringify([source, tenantDomain, id])).digest());
}
