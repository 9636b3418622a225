import { recoveryServiceSource, RequestVerifier, type TrustedPublisher } from '@rekey/events';
import type { SqlExecutor } from '@rekey/messaging';
import type { Logger } from '@rekey/observability';
import { takeRequest } from './taken-requests.ts';

/** Answers the requests of one type. */
export interface Answerer {
  readonly type: string;
  answer(asked: unknown): Promise<ServiceAnswer>;
}

/** Each type of request has outcomes of its own, told apart by their `kind`. */
export interface ServiceAnswer {
  readonly kind: string;
  /** For whoever asked, where a request was `malformed` or refused. */
  readonly reason?: string | undefined;
}

/** As zod makes them. */
interface SchemaOf<Asked> {
  safeParse(asked: unknown): { readonly success: true; readonly data: Asked } | { readonly success: false; readonly error: { readonly issues: readonly { readonly message: string }[] } };
}

/** @param schema of what is asked: nothing else reaches `answer` */
export function answererOf<Asked>(type: string, schema: SchemaOf<Asked>, answer: (asked: Asked) => Promise<ServiceAnswer>): Answerer {
  return {
    type,
    async answer(asked) {
      const parsed = schema.safeParse(asked);
      return parsed.success ? answer(parsed.data) : { kind: 'malformed', reason: parsed.error.issues[0]?.message ?? 'invalid' };
    },
  };
}

/** Takes what the recovery service asks, once, and of nobody else, whoever reaches the port (S41). */
export class ServiceRequests {
  private readonly believed: readonly { readonly answerer: Answerer; readonly verifier: RequestVerifier }[];

  constructor(
    private readonly database: SqlExecutor,
    answerers: readonly Answerer[],
    publishers: readonly TrustedPublisher[],
    private readonly log: Logger,
  ) {
    this.believed = answerers.map((answerer) => ({ answerer, verifier: new RequestVerifier(publishers, recoveryServiceSource, answerer.type) }));
  }

  /** @returns what the type's own answerer says, `not-believed` or `malformed` */
  async answer(request: Parameters<RequestVerifier['verify']>[0]): Promise<ServiceAnswer> {
    const type = request.headers['ce-type'];
    const known = this.believed.find(({ answerer }) => answerer.type === type);
    const verdict = known?.verifier.verify(request) ?? ({ kind: 'refused', reason: 'nobody answers requests of its type here' } as const);
    if (!known || verdict.kind === 'refused') return this.notBelieved(verdict.kind === 'refused' ? verdict.reason : undefined);
    if (!(await takeRequest(this.database, verdict))) return this.notBelieved('it was taken before: somebody who recorded it repeats it');
    return known.answerer.answer(parsedJson(request.body));
  }

  private notBelieved(reason: string | undefined): ServiceAnswer {
    this.log.warn({ reason }, 'a request is not believed');
    return { kind: 'not-believed' };
  }
}

function parsedJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
