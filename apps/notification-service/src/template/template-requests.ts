import { mailTemplateRequest, mailTemplateRequestType, RequestVerifier, type MailTemplateOutcome, type TrustedPublisher } from '@rekey/events';
import type { Logger } from '@rekey/observability';
import type { MailTemplates } from './mail-templates.ts';

/** Who knows administrators; this service knows nobody. */
const asker = 'urn:rekey:recovery-service';

export type TemplateAnswer = MailTemplateOutcome | { readonly kind: 'not-believed' } | { readonly kind: 'malformed'; readonly reason: string };

/** Takes what the recovery service asks about templates, and nobody else, whoever reaches the port (S41). */
export class TemplateRequests {
  private readonly verifier: RequestVerifier;

  constructor(
    private readonly templates: MailTemplates,
    publishers: readonly TrustedPublisher[],
    private readonly log: Logger,
  ) {
    this.verifier = new RequestVerifier(publishers, asker, mailTemplateRequestType);
  }

  async answer(request: Parameters<RequestVerifier['verify']>[0]): Promise<TemplateAnswer> {
    const verdict = this.verifier.verify(request);
    if (verdict.kind === 'refused') {
      this.log.warn({ reason: verdict.reason }, 'a request about mail templates is not believed');
      return { kind: 'not-believed' };
    }
    const parsed = mailTemplateRequest.safeParse(parsedJson(request.body));
    if (!parsed.success) return { kind: 'malformed', reason: parsed.error.issues[0]?.message ?? 'invalid' };
    return this.templates.answer(parsed.data);
  }
}

function parsedJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
