import { context, isSpanContextValid, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, TraceFlags, type Attributes, type Context, type Span } from '@opentelemetry/api';

export type { Span } from '@opentelemetry/api';

/** What a span says of its work. Never an address, a name, a key or a reply: whoever reads traces is nobody who may read mails (S43). */
export interface SpanSubject {
  readonly kind?: 'server' | 'client' | 'producer' | 'consumer';
  readonly attributes?: Attributes;
  /** As it came with an event or a request; null: the trace begins here; absent: what is under way is its parent. */
  readonly traceparent?: string | null;
  /** Of what led to this in another trace. */
  readonly linkedTo?: string | null;
  /** Absent: now. */
  readonly startedAt?: Date;
}

export interface Tracing {
  /** Sends what has not been sent yet, for two seconds at most. */
  stop(): Promise<void>;
}

let isOn = false;

/** Whether anybody wants traces: where nobody does, no span is made. */
export function isTracing(): boolean {
  return isOn;
}

/**
 * Sends this process's spans to a collector, by OTLP over HTTP. What `OTEL_…` variables say of headers, time limits, samplers and resource
 * attributes counts, as the SDK reads them. Without an endpoint the SDK is not even loaded.
 * @param endpoint the collector's base address, as `OTEL_EXPORTER_OTLP_ENDPOINT` has it; null for none
 */
export async function startTracing(service: string, endpoint: string | null): Promise<Tracing> {
  if (endpoint === null) return { stop: async () => undefined };
  const { startExporting } = await import('./trace-exporter.ts');
  const exporting = startExporting(service, endpoint);
  isOn = true;
  return {
    stop: async () => {
      isOn = false;
      await exporting.stop();
    },
  };
}

/** Does the work within a span; what throws ends it as failed, by the error's name and code alone. */
export async function traced<Result>(name: string, subject: SpanSubject, work: (span: Span | null) => Promise<Result>): Promise<Result> {
  if (!isOn) return work(null);
  const { span, within } = begin(name, subject);
  try {
    return await context.with(within, work, undefined, span);
  } catch (error) {
    failSpan(span, typeOf(error));
    throw error;
  } finally {
    span.end();
  }
}

/** Does the work within one span for each of what it is done for, such as the events of a batch. */
export async function tracedEach<Result>(name: string, subjects: readonly SpanSubject[], work: () => Promise<Result>): Promise<Result> {
  if (!isOn) return work();
  const spans = subjects.map((subject) => begin(name, subject).span);
  try {
    return await work();
  } catch (error) {
    for (const span of spans) failSpan(span, typeOf(error));
    throw error;
  } finally {
    for (const span of spans) span.end();
  }
}

/** For work that goes on by itself: it belongs to no request, also where one has woken it. */
export function outsideOfTraces<Result>(work: () => Result): Result {
  return isOn ? context.with(ROOT_CONTEXT, work) : work();
}

/** A span that something else ends than the function that began it. */
export interface BegunSpan {
  readonly span: Span;
  /** What is begun in it is the span's. */
  readonly within: Context;
}

/** @returns null where nobody wants traces */
export function beginSpan(name: string, subject: SpanSubject): BegunSpan | null {
  return isOn ? begin(name, subject) : null;
}

/** What `work` begins is the span's. */
export function inSpan<Result>(begun: BegunSpan | null | undefined, work: () => Result): Result {
  return begun ? context.with(begun.within, work) : work();
}

/** @param reason of a short, closed list: never a message */
export function failSpan(span: Span, reason: string): void {
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.setAttribute('error.type', reason);
}

/** For what goes out from here, as W3C Trace Context has it; undefined where nothing is traced. */
export function currentTraceparent(): string | undefined {
  const spanContext = isOn ? trace.getSpanContext(context.active()) : undefined;
  if (!spanContext || !isSpanContextValid(spanContext)) return undefined;
  return `00-${spanContext.traceId}-${spanContext.spanId}-${spanContext.traceFlags.toString(16).padStart(2, '0')}`;
}

const kinds = { server: SpanKind.SERVER, client: SpanKind.CLIENT, producer: SpanKind.PRODUCER, consumer: SpanKind.CONSUMER } as const;

function begin(name: string, { kind, attributes = {}, traceparent, linkedTo, startedAt }: SpanSubject): BegunSpan {
  const parent = parentOf(traceparent);
  const linked = parsed(linkedTo);
  const span = trace.getTracer('rekey').startSpan(name, {
    kind: kind === undefined ? SpanKind.INTERNAL : kinds[kind],
    attributes,
    ...(linked ? { links: [{ context: linked }] } : {}),
    ...(startedAt ? { startTime: startedAt } : {}),
  }, parent);
  return { span, within: trace.setSpan(parent, span) };
}

function parentOf(traceparent: string | null | undefined): Context {
  if (traceparent === undefined) return context.active();
  const remote = parsed(traceparent);
  return remote ? trace.setSpanContext(context.active(), remote) : trace.deleteSpan(context.active());
}

/** https://www.w3.org/TR/trace-context/#traceparent-header; of a later version what this one knows of it is read. */
const w3cTraceparent = /^(?!ff)[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(?:-.*)?$/;

function parsed(traceparent: string | null | undefined) {
  const [, traceId = '', spanId = '', flags = '00'] = w3cTraceparent.exec(traceparent ?? '') ?? [];
  const spanContext = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED, isRemote: true };
  return isSpanContextValid(spanContext) ? spanContext : null;
}

/** Not its message: that may quote whatever the error is about. */
function typeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
