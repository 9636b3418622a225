import { setTimeout as pause } from 'node:timers/promises';
import type { PublishingTransport } from './event-publisher.ts';
import { structuredEventType, toStructuredEvent } from './structured-event.ts';
import { told } from './told.ts';
import { topics } from './topics.ts';

/** As much of a kafkajs producer as is needed. */
export interface KafkaProducer {
  send(batch: { topic: string; acks: number; messages: { key: string; value: Buffer; headers: Record<string, string> }[] }): Promise<unknown>;
}

/** @param producer your own, connected; at best an idempotent one */
export function throughKafka(producer: KafkaProducer): PublishingTransport {
  return {
    async publish({ key, value, headers }) {
      await producer.send({ topic: topics.recovery, acks: -1, messages: [{ key, value, headers: { ...headers } }] });
    },
  };
}

export interface HttpPublishingOptions {
  /** Of the recovery service or the gateway before it: `https://id.example.com`. */
  readonly baseUrl: string;
  /** How often it is tried where no answer comes, or one that says "later". Default: 4. */
  readonly attempts?: number;
  /** For each attempt. Default: 10 s. */
  readonly timeoutMs?: number;
  /** Before the second attempt; twice as long before each further one. Default: 500. */
  readonly firstPauseMs?: number;
}

/** Rekey has answered, and does not take the event. */
export class EventRefusedError extends Error {
  constructor(
    readonly status: number,
    /** Of Rekey's error catalogue, e.g. `RKY-10410`; null where something else has answered. */
    readonly code: string | null,
    description: string,
  ) {
    super(`the event was not taken: ${status}${code === null ? '' : ` ${code}`}${description === '' ? '' : `: ${description}`}`);
    this.name = 'EventRefusedError';
  }
}

/** Over `POST /api/rekey/v1/events`, for services that do not speak Kafka. Trying again is safe: one id is one event. */
export function throughHttp({ baseUrl, attempts = 4, timeoutMs = 10_000, firstPauseMs = 500 }: HttpPublishingOptions): PublishingTransport {
  const url = `${baseUrl.replace(/\/+$/, '')}/api/rekey/v1/events`;
  return {
    async publish(record) {
      const body = JSON.stringify(toStructuredEvent(record));
      for (let attempt = 1; ; attempt++) {
        const outcome = await post(url, body, timeoutMs);
        if (outcome === null) return;
        if (attempt >= attempts || !isPassing(outcome)) throw outcome;
        await pause(firstPauseMs * 2 ** (attempt - 1));
      }
    },
  };
}

/** @returns why it was not taken; null where it was */
async function post(url: string, body: string, timeoutMs: number): Promise<Error | null> {
  try {
    const answer = await fetch(url, { method: 'POST', headers: { 'content-type': structuredEventType }, body, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
    const text = await answer.text();
    return answer.status === 202 ? null : refusal(answer.status, text);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Nobody has answered, or somebody who may say otherwise in a moment. */
function isPassing(outcome: Error): boolean {
  return !(outcome instanceof EventRefusedError) || outcome.status === 429 || outcome.status >= 500;
}

function refusal(status: number, text: string): EventRefusedError {
  const { code, description } = errorBody(text);
  return new EventRefusedError(status, typeof code === 'string' ? code : null, typeof description === 'string' ? told(description) : '');
}

function errorBody(text: string): { readonly code?: unknown; readonly description?: unknown } {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? body : {};
  } catch {
    return {};
  }
}
