import type { User } from '@rekey/identity';
import { RepeatingTask, type SqlExecutor } from '@rekey/messaging';
import type { Logger } from '@rekey/observability';
import { addressClaim } from '../account-change.ts';
import { identityClaimPrefix } from '../account-status.ts';
import type { OperationTrace } from '../chain/operation-trace.ts';
import type { OperationName } from '../chain/user-operation.ts';
import { actorName, requestContext } from './request-context.ts';

/** What is done, mostly by administrators, that is no operation in the listener chain. */
export interface AuditedAct {
  readonly operation:
    | 'authenticate' | 'requestRecovery' | 'handOverKey' | 'validateKey' | 'requestUsername' | 'requestAddress' | 'handOverUsername' | 'repeatAnswer' | 'endSessions'
    | 'updateConnector' | 'changeMailTemplate' | 'changeMailBrand' | 'addTenant' | 'activateTenant' | 'deactivateTenant' | 'assignRoles'
    | 'startForcedReset' | 'pauseForcedReset' | 'resumeForcedReset' | 'cancelForcedReset' | 'exportUser'
    | 'replayDeliveries' | 'suppressAddress' | 'unsuppressAddress' | 'discardDeadEvent' | 'testRelay' | 'enableWebhook';
  readonly tenantDomain: string;
  /** Whom it was done to; null where it concerns the tenant, or there is no such user. */
  readonly user: User | null;
  /** Names of what was changed, without the values, the roles that somebody has from now on, or the route whose answer was given again; default: of nothing. */
  readonly changed?: readonly string[];
  /** As in `OperationTrace`, and `limited`: refused beyond a limit, whatever the chain said; default: `done`. */
  readonly outcome?: string;
}

interface AuditRecord extends Omit<OperationTrace, 'operation'> {
  readonly operation: OperationName | AuditedAct['operation'];
  /** Who asked, as `name@tenant`; null where that is not known, or it is a sign-in. */
  readonly actor: string | null;
  readonly requestId: string | null;
}

/** A record as it is read again. */
export interface KeptRecord extends Pick<AuditRecord, 'operation' | 'outcome' | 'actor' | 'claims'> {
  readonly id: string;
  readonly at: Date;
}

export interface AuditLogOptions {
  /** Records that wait in memory at most; default 10 000. */
  readonly capacity?: number;
  /** The longest that one waits while the database is there; default a quarter of a second. */
  readonly everyMs?: number;
}

const always: ReadonlySet<OperationName> = new Set(['authenticate', 'addUser', 'updateCredential', 'updateCredentialByAdmin', 'deleteUser']);
const perStatement = 200;
const keptDays = 90;
const prunedAtOnce = 10_000;

/**
 * Puts what concerns security into `audit_record`. Operations never wait for it: records queue in memory and are written together, a moment
 * later. While the database is away they wait; the queue is bounded, and what finds no room is counted and logged.
 */
export class AuditLog {
  private readonly waiting: AuditRecord[] = [];
  private dropped = 0;
  private readonly capacity: number;
  private readonly writing: RepeatingTask;

  constructor(
    private readonly database: SqlExecutor,
    private readonly log: Logger,
    { capacity = 10_000, everyMs = 250 }: AuditLogOptions = {},
  ) {
    this.capacity = capacity;
    this.writing = new RepeatingTask(() => this.write(), { everyMs, onError: (err) => log.warn({ err, waiting: this.waiting.length, dropped: this.dropped }, 'audit records could not be written: they wait') });
  }

  start(): void {
    this.writing.start();
  }

  /** Writes what waits, if that can be done now. */
  async stop(): Promise<void> {
    await this.writing.stop();
    try {
      while (await this.write());
    } catch (err) {
      this.log.error({ err, lost: this.waiting.length }, 'the last audit records are lost');
    }
  }

  /** For `ListenerChainOptions.onTrace`. */
  readonly add = (trace: OperationTrace): void => {
    if (isAudited(trace)) this.queue(trace);
  };

  act({ operation, tenantDomain, user, changed = [], outcome = 'done' }: AuditedAct): void {
    this.queue({ operation, tenantDomain, userId: user?.id ?? null, username: user?.username ?? null, claims: changed, at: new Date(), steps: [], outcome });
  }

  /** What was done to a user, or by one who signed in; newest first, without the listeners' part. @param after the id of the record behind which the list begins; default: with the newest */
  async recordsOf(userId: string, limit: number, after: string | null = null): Promise<readonly KeptRecord[]> {
    return this.database.query<KeptRecord>(
      `SELECT id::text, at, operation, outcome, actor, claims FROM audit_record
       WHERE user_id = $1 AND ($3::bigint IS NULL OR (at, id) < (SELECT at, id FROM audit_record WHERE id = $3 AND user_id = $1)) ORDER BY at DESC, audit_record.id DESC LIMIT $2`,
      [userId, limit, after],
    );
  }

  /** How often somebody asked for a link or a username, in parts of equal length. @returns by the part's number, from 0; where nobody did, there is none */
  async recoveriesAsked(tenantDomain: string, { from, to, buckets }: { readonly from: string; readonly to: string; readonly buckets: number }): Promise<ReadonlyMap<number, number>> {
    const rows = await this.database.query<{ bucket: number; requests: number }>(
      `SELECT width_bucket(extract(epoch FROM minute)::float8, extract(epoch FROM $2::timestamptz)::float8, extract(epoch FROM $3::timestamptz)::float8, $4::integer) - 1 AS bucket, sum(requests)::integer AS requests
       FROM recoveries_asked WHERE tenant_domain = $1 AND minute >= $2::timestamptz AND minute < $3::timestamptz GROUP BY bucket`,
      [tenantDomain, from, to, buckets],
    );
    return new Map(rows.map(({ bucket, requests }) => [bucket, requests]));
  }

  /** Removes what is older than 90 days. @returns whether there may be more */
  async prune(): Promise<boolean> {
    const removed = await this.database.query(
      `DELETE FROM audit_record WHERE id IN (SELECT id FROM audit_record WHERE at < now() - make_interval(days => $1) ORDER BY at LIMIT $2) RETURNING id`,
      [keptDays, prunedAtOnce],
    );
    const forgotten = await this.database.query(`DELETE FROM recoveries_asked WHERE ctid IN (SELECT ctid FROM recoveries_asked WHERE minute < now() - make_interval(days => $1) LIMIT $2) RETURNING 1`, [keptDays, prunedAtOnce]);
    return removed.length === prunedAtOnce || forgotten.length === prunedAtOnce;
  }

  private queue(record: Omit<AuditRecord, 'actor' | 'requestId'>): void {
    if (this.waiting.length >= this.capacity) {
      this.dropped++;
      return;
    }
    this.waiting.push({ ...record, actor: actorName(), requestId: requestContext()?.requestId ?? null });
  }

  /** @returns whether more wait */
  private async write(): Promise<boolean> {
    if (this.dropped > 0) this.log.error({ dropped: this.dropped }, 'audit records were dropped: more came than could be written');
    this.dropped = 0;
    const batch = this.waiting.slice(0, perStatement);
    if (batch.length === 0) return false;
    await this.database.query(
      `WITH record AS (
         SELECT * FROM jsonb_to_recordset($1::jsonb) AS record (at timestamptz, "tenantDomain" text, operation text, "userId" uuid, username text, actor text, outcome text, claims jsonb, steps jsonb, "requestId" text)
       ), counted AS (
         INSERT INTO recoveries_asked AS kept (tenant_domain, minute, requests)
         SELECT "tenantDomain", date_trunc('minute', at), count(*) FROM record WHERE operation IN ('requestRecovery', 'requestUsername') GROUP BY 1, 2 ORDER BY 1, 2
         ON CONFLICT (tenant_domain, minute) DO UPDATE SET requests = kept.requests + excluded.requests
       )
       INSERT INTO audit_record (at, tenant_domain, operation, user_id, username, actor, outcome, claims, trace, request_id)
       SELECT at, "tenantDomain", operation, "userId", username, actor, outcome, claims, steps, "requestId" FROM record`,
      [storable(batch)],
    );
    this.waiting.splice(0, batch.length);
    return this.waiting.length > 0;
  }
}

/** What changes who may do what, or tries to; and whatever a listener refused or failed at. */
function isAudited({ operation, claims, steps }: OperationTrace): boolean {
  return always.has(operation) || (operation === 'setClaims' && claims.some((uri) => uri === addressClaim || uri.startsWith(identityClaimPrefix))) || steps.some(({ verdict }) => verdict !== 'continue');
}

/** As JSON that PostgreSQL takes, whatever names it holds: one record must not keep the others from being written. */
function storable(records: readonly AuditRecord[]): string {
  return JSON.stringify(records, (_, value: unknown) => (typeof value === 'string' ? value.replace(/\0|\p{Surrogate}/gu, '') : value));
}
