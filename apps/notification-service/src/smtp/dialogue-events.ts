import type { Span } from '@rekey/observability';
import type { DialogueLine } from './transcript.ts';

const verb = /^(EHLO|HELO|STARTTLS|AUTH|MAIL|RCPT|DATA|QUIT|RSET)\b/;

/**
 * Writes the steps of a dialogue into a span: commands by their verb, answers by their code, each at its time. Nothing else of a line goes
 * there: it may name the person, or quote what they were mailed (S43).
 * @param endedAtMs when its last line was said, in Unix time
 */
export function noteDialogue(span: Span, dialogue: readonly DialogueLine[], endedAtMs: number): void {
  const lastMs = dialogue.at(-1)?.atMs ?? 0;
  for (const { who, line, atMs } of dialogue) {
    const step = stepOf(who, line);
    if (step !== null) span.addEvent(step, {}, endedAtMs - lastMs + atMs);
  }
}

function stepOf(who: DialogueLine['who'], line: string): string | null {
  if (who === 'network') return 'smtp connection';
  if (who === 'client') return line.startsWith('(') ? 'smtp body' : (verb.exec(line)?.[1] ?? null) && `smtp ${verb.exec(line)?.[1] ?? ''}`;
  // Of an answer of many lines the last one, which has a space after its code.
  const code = /^(\d{3})(?: |$)/.exec(line)?.[1];
  return code === undefined ? null : `smtp ${code}`;
}
