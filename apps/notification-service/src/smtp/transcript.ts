import { partsOf, presentable, withoutSecrets, type SecretParts } from './smtp-reply.ts';

/** One line of what was said, fit to be shown and kept. */
export interface DialogueLine {
  /** `network`: nobody said it; it is what became of the connection. */
  readonly who: 'client' | 'relay' | 'network';
  readonly line: string;
  /** Milliseconds since this side began to connect. */
  readonly atMs: number;
}

/** Of what came before the first mail, and of each mail: what a relay says beyond that is left out. */
const mostLines = 30;
const longestLine = 500;
/** Of which a line is looked through for secrets: longer than what is kept, so that none is cut in two and missed. */
const longestSearched = 4_000;

/** What was said over one connection: how it was opened, and then of the latest mail alone. Never a body, never a password. */
export class Transcript {
  private readonly opening: DialogueLine[] = [];
  private ofMail: DialogueLine[] | null = null;
  private parts: SecretParts | null = null;
  private readonly begunAtMs: number;

  /** @param secrets what must not stand in it, in every form in which it is sent */
  constructor(
    private readonly secrets: readonly string[],
    private readonly nowMs: () => number = () => performance.now(),
  ) {
    this.begunAtMs = nowMs();
  }

  get lines(): readonly DialogueLine[] {
    return [...this.opening, ...(this.ofMail ?? [])];
  }

  /** @param secret of the mail: what must stand in it in no part either */
  beginMail(secret: string | null = null): void {
    this.ofMail = [];
    this.parts = secret === null ? null : partsOf(secret);
  }

  /** What the relay said, or what became of it, for an outcome. */
  presentable(reply: string): string {
    return presentable(reply, this.secrets, this.parts);
  }

  /** @param said one line, or the many of one answer */
  note(who: DialogueLine['who'], said: string): void {
    const kept = this.ofMail ?? this.opening;
    const atMs = Math.round(this.nowMs() - this.begunAtMs);
    for (const line of said.split('\n', mostLines)) {
      if (kept.length >= mostLines) return;
      kept.push({ who, line: withoutSecrets(line.slice(0, longestSearched), this.secrets, this.parts).trimEnd().slice(0, longestLine), atMs });
    }
  }
}
