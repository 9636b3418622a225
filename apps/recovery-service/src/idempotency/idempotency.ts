import { createHmac, randomUUID } from 'node:crypto';
import type { AuditLog } from '@rekey/governance';
import type { Database, SqlExecutor } from '@rekey/messaging';
import type { Logger } from '@rekey/observability';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { homeOfCaller, idOfCaller } from '../http/caller.ts';
import { ApiError, type ErrorCode } from '../http/error-catalogue.ts';
import { tenantOf } from '../http/tenant-path.ts';
import { beginRequest, giveUp, keepAnswer, type IdempotentRequest } from './idempotency-statements.ts';
import { errorAgain, lastingError, openAnswer, sealAnswer, type Answer } from './sealed-answer.ts';

const keyHeader = 'idempotency-key';

/** For `@Operation` of a route that honours the header. */
export const idempotent = {
  headers: z.object({ [keyHeader]: z.string().min(1).max(255).regex(/^[\x21-\x7E]+$/).optional().meta({ description: 'Chosen by the caller for one request, such as a UUID. Sent again with it within 24 hours, the request is answered as it was the first time, and nothing is done.' }) }),
  errors: ['RKY-10013', 'RKY-10014'] as const satisfies readonly ErrorCode[],
};

/**
 * Does once what is asked several times with one `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header-07): a client that got no
 * answer asks again without fear. Answers that may be others next time are not kept: the service's trouble, limits, and what a setting refuses.
 *
 * A service that dies at work leaves the request to whoever asks again after half a minute; what that may do twice, cooldown and single-use
 * keys keep from happening, or `onceInTransaction`.
 */
export class Idempotency {
  private readonly secret: Buffer;

  /** @param seed shared by every instance of the service, and a secret */
  constructor(
    private readonly database: Database,
    seed: string,
    private readonly audit: AuditLog,
    private readonly log: Logger,
  ) {
    this.secret = createHmac('sha256', seed).update('rekey idempotency').digest();
  }

  /**
   * To be called once it is known who asks: an answer is given again to the same credentials alone.
   * @param work what the route does; its value is the body of the answer
   * @throws ApiError RKY-10013 where the key was used for another request, RKY-10014 while the first one is still in hand; what `work` throws
   */
  async once<Value>(request: FastifyRequest, reply: FastifyReply, work: () => Promise<Value>): Promise<Value> {
    return this.begun(request, reply, async (held) => {
      const value = await work();
      if (held) await this.keep(held, answerOf(value, reply));
      return value;
    });
  }

  /**
   * The same where the work and its answer are one transaction, or none of it: nothing is done twice, wherever a service dies.
   * @param work what is to be known first; what it returns is the transaction's, with no other connection to wait for, and may be run again, as `Database.transaction` says
   * @param done called after the commit, where it was not done before
   */
  async onceInTransaction<Value>(request: FastifyRequest, reply: FastifyReply, work: () => Promise<(tx: SqlExecutor) => Promise<Value>>, done: (value: Value) => void): Promise<Value> {
    return this.begun(request, reply, async (held) => {
      const write = await work();
      const value = await this.database.transaction(async (tx) => {
        const made = await write(tx);
        if (held && !(await keepAnswer(tx, held.asked, held.holder, sealAnswer(answerOf(made, reply), held.sealingKey)))) throw new ApiError('RKY-10014');
        return made;
      });
      done(value);
      return value;
    });
  }

  /** @param perform given null where the request has no key */
  private async begun<Value>(request: FastifyRequest, reply: FastifyReply, perform: (held: Held | null) => Promise<Value>): Promise<Value> {
    const key = keyOf(request);
    if (key === undefined) return perform(null);
    const asked = this.asked(request, key);
    const held = { asked, holder: randomUUID(), sealingKey: this.sealingKey(asked, key) };
    const beginning = await beginRequest(this.database, asked, held.holder);
    switch (beginning.kind) {
      case 'begun':
        return this.settling(held, perform);
      case 'answered':
        void reply.header('idempotent-replayed', 'true');
        return this.again(request, openAnswer(beginning.answer, held.sealingKey), reply) as Value; // what `work` gave the first time
      case 'in-hand':
        throw new ApiError('RKY-10014');
      case 'other-request':
        throw new ApiError('RKY-10013');
    }
  }

  private async settling<Value>(held: Held, perform: (held: Held) => Promise<Value>): Promise<Value> {
    try {
      return await perform(held);
    } catch (thrown) {
      const error = lastingError(thrown);
      await (error ? this.keep(held, error) : giveUp(this.database, held.asked, held.holder).catch(() => undefined));
      throw thrown;
    }
  }

  /** What was done is done, and answered, even where that cannot be noted. */
  private async keep({ asked, holder, sealingKey }: Held, answer: Answer): Promise<void> {
    await keepAnswer(this.database, asked, holder, sealAnswer(answer, sealingKey)).catch((err: unknown) => this.log.warn({ err }, 'the answer to a request with an Idempotency-Key could not be kept'));
  }

  /** Leaves a record of its own: the answer may hold a recovery key. Of whom it tells is in the record of the first request. */
  private again(request: FastifyRequest, answer: Answer, reply: FastifyReply): unknown {
    const tenantDomain = homeOfCaller(request.raw) ?? tenantOf(request.raw);
    const outcome = 'error' in answer ? answer.error.code : 'done';
    this.audit.act({ operation: 'repeatAnswer', tenantDomain, user: null, changed: [`${request.method} ${request.routeOptions.url}`], outcome });
    if ('error' in answer) throw errorAgain(answer.error);
    void reply.status(answer.status);
    if (answer.type !== undefined) void reply.header('content-type', answer.type);
    return answer.value;
  }

  private asked(request: FastifyRequest, key: string): IdempotentRequest {
    const path = request.url.split('?')[0] ?? '';
    return {
      subject: this.digest('subject', [key, request.method, tenantOf(request.raw), path, request.headers.authorization ?? idOfCaller(request.raw) ?? '']),
      fingerprint: this.digest('fingerprint', [key, request.url, JSON.stringify(request.body ?? null)]),
    };
  }

  /** The key alone is in no table, so that neither the tables nor the service's secrets are enough to open an answer. */
  private sealingKey({ subject }: IdempotentRequest, key: string): Buffer {
    return this.digest('answer', [key, subject.toString('base64')]);
  }

  private digest(purpose: string, parts: readonly string[]): Buffer {
    return createHmac('sha256', this.secret).update(JSON.stringify([purpose, ...parts])).digest();
  }
}

/** A request that is this instance's to answer. */
interface Held {
  readonly asked: IdempotentRequest;
  readonly holder: string;
  readonly sealingKey: Buffer;
}

function answerOf(value: unknown, reply: FastifyReply): Answer {
  return { value, status: reply.statusCode, type: typeOf(reply) };
}

function keyOf(request: FastifyRequest): string | undefined {
  const parsed = idempotent.headers.safeParse({ [keyHeader]: request.headers[keyHeader] });
  if (!parsed.success) throw new ApiError('RKY-10001', 'Malformed request: Idempotency-Key: expected 1 to 255 visible ASCII characters, such as a UUID.');
  return parsed.data[keyHeader];
}

function typeOf(reply: FastifyReply): string | undefined {
  const type = reply.getHeader('content-type');
  return typeof type === 'string' ? type : undefined;
}
