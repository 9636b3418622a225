/** Where in the dialogue a sink may misbehave: `connect` is before the greeting, `dot` is after the mail's last line. */
export type SmtpStage = 'connect' | 'EHLO' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'dot';

export type SmtpBehaviour =
  | { readonly kind: 'accept' }
  /** Answers with this code and text (`451 4.3.0 try later`). 421, and any refusal at `connect`, also end the connection. */
  | { readonly kind: 'reply'; readonly code: number; readonly text: string }
  /** Never answers. `taken` (at `dot` only): the mail counts as received all the same. */
  | { readonly kind: 'hang'; readonly taken?: boolean }
  /** Cuts the connection. `taken` (at `dot` only): the mail counts as received, which its sender cannot know. */
  | { readonly kind: 'disconnect'; readonly taken?: boolean };

export const accept: SmtpBehaviour = { kind: 'accept' };

export interface SmtpRule {
  readonly stage: SmtpStage;
  readonly behaviour: SmtpBehaviour;
  /** How often it applies; for ever if left out. */
  readonly times?: number;
  /** Applies only where the command (`RCPT TO:<kim@example.com>`, for `dot` the raw mail) holds this. */
  readonly where?: string | RegExp;
}

/** The rules in force, the newest first. */
export class SmtpScript {
  private rules: { rule: SmtpRule; left: number }[] = [];

  constructor(rules: readonly SmtpRule[]) {
    for (const rule of rules) this.add(rule);
  }

  add(rule: SmtpRule): void {
    this.rules.unshift({ rule, left: rule.times ?? Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.rules = [];
  }

  /** @param said the command, or the raw mail; asked for only where a rule looks at it */
  behaviourAt(stage: SmtpStage, said: () => string): SmtpBehaviour {
    if (this.rules.length === 0) return accept;
    const found = this.rules.find(({ rule, left }) => left > 0 && rule.stage === stage && holds(rule.where, said));
    if (found === undefined) return accept;
    found.left -= 1;
    return found.rule.behaviour;
  }
}

function holds(where: string | RegExp | undefined, said: () => string): boolean {
  if (where === undefined) return true;
  return typeof where === 'string' ? said().includes(where) : where.test(said());
}
