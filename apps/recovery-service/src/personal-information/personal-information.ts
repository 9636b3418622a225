import type { AuditLog, UserManager } from '@rekey/governance';
import { wso2Claim, type Roles, type Sessions } from '@rekey/identity';
import type { Database } from '@rekey/messaging';
import { z } from 'zod';
import { moment } from '../http/moment.ts';
import { recoveriesOf, shownRecovery } from '../recovery/recoveries-of.ts';
import { shownSession } from '../session/shown-session.ts';

/** The newest; older ones go after 90 days. */
const mostAuditRecords = 1_000;
/** WSO2's `ExportedUser`, and what else is kept of a person here. None of it opens anything: no password, key or token, and no hash of one. */
export const exportedUser = z.object({
  basic: z.record(z.string(), z.string()).meta({ description: 'By claim URI.' }),
  sessions: z.array(shownSession.omit({ id: true })).meta({ description: 'Where the person is signed in.' }),
  recoveries: z.array(shownRecovery).meta({ description: 'The newest of each purpose.' }),
  auditRecords: z.array(z.object({ at: moment, operation: z.string(), outcome: z.string(), claims: z.array(z.string()).readonly() })).meta({ description: 'What was done to the account, newest first.' }),
});

export type ExportedUser = z.output<typeof exportedUser>;

export interface PersonalInformationParts {
  readonly database: Database;
  readonly users: UserManager;
  readonly roles: Roles;
  readonly sessions: Sessions;
  readonly audit: AuditLog;
}

/** Everything that the recovery service keeps of a person. @returns null for a user who is no more */
export async function exportUser({ database, users, roles, sessions, audit }: PersonalInformationParts, userId: string): Promise<ExportedUser | null> {
  const [profile, held, open, recoveries, auditRecords] = await Promise.all([
    users.profileOf(userId),
    roles.of(userId),
    sessions.list(userId),
    recoveriesOf(database, userId),
    audit.recordsOf(userId, mostAuditRecords),
  ]);
  if (!profile) return null;
  const { user, claims, createdAt, updatedAt } = profile;
  return {
    basic: {
      ...claims,
      ...(held.size > 0 ? { [wso2Claim('roles')]: [...held].toSorted().join(',') } : {}),
      [wso2Claim('userid')]: user.id,
      [wso2Claim('username')]: user.username,
      [wso2Claim('tenant')]: user.tenantDomain,
      [wso2Claim('created')]: createdAt.toISOString(),
      [wso2Claim('modified')]: updatedAt.toISOString(),
    },
    sessions: open.map(({ createdAt, lastSeenAt, expiresAt, userAgent }) => ({ createdAt, lastSeenAt, expiresAt, userAgent })),
    recoveries: [...recoveries],
    auditRecords: auditRecords.map(({ at, operation, outcome, claims }) => ({ at, operation, outcome, claims })),
  };
}
