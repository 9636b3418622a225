/** Where a mail can end. SUPERSEDED, EXPIRED and CANCELLED were never worth sending when their turn came; to a SUPPRESSED address nothing is sent, and of a CAPPED mail there were too many. */
export type FinalState = 'SENT' | 'REJECTED' | 'UNCERTAIN_CLOSED' | 'SUPERSEDED' | 'EXPIRED' | 'CANCELLED' | 'SUPPRESSED' | 'CAPPED';
/** UNCERTAIN is PENDING whose relay may already have taken a copy. */
export type DeliveryState = 'PENDING' | 'UNCERTAIN' | 'SENDING' | FinalState;

/** One mail on its way, as the inbox row says. */
export interface Delivery {
  readonly eventId: string;
  readonly eventType: string;
  /** Whose event asked for it; null where none did. */
  readonly source: string | null;
  readonly kind: 'recovery' | 'notice';
  readonly userId: string;
  readonly tenantDomain: string;
  readonly generation: number;
  readonly messageId: string;
  readonly traceparent: string | null;
  readonly state: DeliveryState;
  /** Rises with every claim: what an earlier claim still wants to say no longer counts. */
  readonly attemptNo: number;
  /** Attempts that came to nothing, for the retry schedule. */
  readonly failures: number;
  readonly uncertainCount: number;
  readonly lastError: string | null;
}

/** A mail that this process may send now, with what it says. */
export interface ClaimedDelivery extends Delivery {
  /** In lower case; null where the event names nobody to write to. */
  readonly recipientDomain: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** The event's data as it was checked when it came in. */
  readonly data: unknown;
  /** Tells two attempts apart that have one number, as `unclaim` gives it again. The database's own text. */
  readonly attemptStartedAt: string;
  /** Relays that put it off after its dot, once for each time. */
  readonly putOffBy: readonly string[];
}

export interface DeliveryRow {
  readonly event_id: string;
  readonly event_type: string;
  readonly source: string | null;
  readonly kind: 'recovery' | 'notice';
  readonly user_id: string;
  readonly tenant_domain: string;
  readonly generation: string;
  readonly message_id: string;
  readonly traceparent: string | null;
  readonly state: DeliveryState;
  readonly attempt_no: number;
  readonly failures: number;
  readonly uncertain_count: number;
  readonly last_error: string | null;
}

const columns = ['event_id', 'event_type', 'source', 'kind', 'user_id', 'tenant_domain', 'generation', 'message_id', 'traceparent', 'state', 'attempt_no', 'failures', 'uncertain_count', 'last_error'] as const satisfies readonly (keyof DeliveryRow)[];

/** @param alias the inbox table's name in the statement */
export function deliveryColumns(alias: string): string {
  // The row's own `user_id` says whose links are counted.
  return columns.map((column) => (column === 'user_id' ? `(${alias}.data->'user'->>'id')::uuid AS user_id` : `${alias}.${column}`)).join(', ');
}

export function toDelivery(row: DeliveryRow): Delivery {
  return {
    eventId: row.event_id,
    eventType: row.event_type,
    source: row.source,
    kind: row.kind,
    userId: row.user_id,
    tenantDomain: row.tenant_domain,
    generation: Number(row.generation),
    messageId: row.message_id,
    traceparent: row.traceparent,
    state: row.state,
    attemptNo: row.attempt_no,
    failures: row.failures,
    uncertainCount: row.uncertain_count,
    lastError: row.last_error,
  };
}
