import type { SqlExecutor } from '@rekey/messaging';
import type { HeldRecovery, LedTo } from '../recovery/recovery-statements.ts';

/** How the person is reached: by a mail of ours, or by whoever calls. */
export type Channel = 'EMAIL' | 'EXTERNAL';

export interface NewFlow {
  readonly flowId: string;
  readonly tenantDomain: string;
  /** Whom it is for; an id that nobody has where it is a decoy. */
  readonly userId: string;
  readonly channel: Channel;
  readonly recoveryCodeHash: Buffer;
  readonly recoveryCodeSeconds: number;
  readonly flowCodeHash: Buffer;
}

export interface Flow {
  readonly flowId: string;
  readonly tenantDomain: string;
  readonly userId: string;
  readonly channel: Channel;
  /** Whether a channel was chosen, once. */
  readonly hasAsked: boolean;
  /** The recovery that it has led to; null before that. */
  readonly recovery: HeldRecovery | null;
}

export async function startFlow(database: SqlExecutor, flow: NewFlow): Promise<void> {
  const { flowId, tenantDomain, userId, channel, recoveryCodeHash, recoveryCodeSeconds, flowCodeHash } = flow;
  await database.query(
    `INSERT INTO recovery_flow (flow_id, tenant_domain, user_id, channel, recovery_code_hash, recovery_code_expires_at, flow_code_hash)
     VALUES ($1, $2, $3, $4, $5, now() + make_interval(secs => $6), $7)`,
    [flowId, tenantDomain, userId, channel, recoveryCodeHash, recoveryCodeSeconds, flowCodeHash],
  );
}

/** What came of presenting a code that is good for one call. */
export type CodeUse = { readonly kind: 'taken'; readonly flow: Flow } | { readonly kind: 'unknown' | 'expired' | 'used' };

const flowColumns = `flow_id AS "flowId", tenant_domain AS "tenantDomain", user_id AS "userId", channel, recovery_code_used_at IS NOT NULL AS "hasAsked", recovery_user_id AS "recoveryUserId", recovery_id AS "recoveryId"`;

type FlowRow = Omit<Flow, 'recovery'> & { readonly recoveryUserId: string | null; readonly recoveryId: string | null };

function flowOf({ recoveryUserId, recoveryId, ...flow }: FlowRow): Flow {
  return { ...flow, recovery: recoveryUserId === null || recoveryId === null ? null : { userId: recoveryUserId, recoveryId } };
}

/** Takes a recovery code: of any number of racers one gets the flow. */
export async function takeRecoveryCode(database: SqlExecutor, codeHash: Buffer, tenantDomain: string): Promise<CodeUse> {
  return take(
    database,
    `UPDATE recovery_flow SET recovery_code_used_at = now()
     WHERE recovery_code_hash = $1 AND tenant_domain = $2 AND recovery_code_used_at IS NULL AND recovery_code_expires_at > now() RETURNING ${flowColumns}`,
    `SELECT recovery_code_used_at IS NOT NULL AS used FROM recovery_flow WHERE recovery_code_hash = $1 AND tenant_domain = $2`,
    [codeHash, tenantDomain],
  );
}

/** Takes a resend code, in the same way; the next call brings another. */
export async function takeResendCode(database: SqlExecutor, codeHash: Buffer, tenantDomain: string): Promise<CodeUse> {
  return take(
    database,
    `UPDATE recovery_flow SET resend_code_hash = NULL
     WHERE resend_code_hash = $1 AND tenant_domain = $2 AND resend_code_expires_at > now() RETURNING ${flowColumns}`,
    `SELECT false AS used FROM recovery_flow WHERE resend_code_hash = $1 AND tenant_domain = $2`,
    [codeHash, tenantDomain],
  );
}

async function take(database: SqlExecutor, taking: string, looking: string, parameters: readonly unknown[]): Promise<CodeUse> {
  const [taken] = await database.query<FlowRow>(taking, parameters);
  if (taken) return { kind: 'taken', flow: flowOf(taken) };
  const [row] = await database.query<{ used: boolean }>(looking, parameters);
  if (!row) return { kind: 'unknown' };
  return { kind: row.used ? 'used' : 'expired' };
}

/** What the flow has led to, with as many tries as any, and the code with which that can be mailed again; where it is what it was, the tries go on. */
export async function leadTo(database: SqlExecutor, flowId: string, recovery: LedTo | null, resendCodeHash: Buffer, resendCodeSeconds: number): Promise<void> {
  await database.query(
    `UPDATE recovery_flow SET
       recovery_user_id = $2, recovery_id = $3, resend_code_hash = $4, resend_code_expires_at = now() + make_interval(secs => $5),
       has_issued = CASE WHEN recovery_id IS NOT DISTINCT FROM $3::uuid THEN has_issued ELSE $6 END,
       code_tries = CASE WHEN recovery_id IS NOT DISTINCT FROM $3::uuid THEN code_tries ELSE 0 END
     WHERE flow_id = $1`,
    [flowId, recovery?.userId ?? null, recovery?.recoveryId ?? null, resendCodeHash, resendCodeSeconds, recovery?.isNew ?? false],
  );
}

/** The flow of a flow confirmation code; changes nothing. */
export async function findFlow(database: SqlExecutor, flowCodeHash: Buffer, tenantDomain: string): Promise<Flow | null> {
  const [row] = await database.query<FlowRow>(`SELECT ${flowColumns} FROM recovery_flow WHERE flow_code_hash = $1 AND tenant_domain = $2`, [flowCodeHash, tenantDomain]);
  return row ? flowOf(row) : null;
}

/** No key lives longer than a day; what has led to none is of no use an hour after its code expired. @returns whether there may be more of them */
export async function pruneFlows(database: SqlExecutor, atOnce = 5_000): Promise<boolean> {
  const rows = await database.query(
    `DELETE FROM recovery_flow WHERE flow_id IN (SELECT flow_id FROM recovery_flow WHERE started_at < now() - interval '2 days' OR (recovery_id IS NULL AND recovery_code_expires_at < now() - interval '1 hour') ORDER BY started_at LIMIT $1) RETURNING flow_id`,
    [atOnce],
  );
  return rows.length === atOnce;
}
