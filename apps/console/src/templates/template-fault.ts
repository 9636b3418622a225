import { ApiProblem } from '@rekey/web';

export const parts = ['subject', 'body', 'footer', 'text'] as const;
export type Part = (typeof parts)[number];

/** What is wrong with a template, and where: counted from 1. */
export interface TemplateFault {
  readonly part: Part;
  readonly reason: string;
  readonly at: { readonly line: number; readonly column: number } | null;
}

const place = /^Malformed request: (subject|body|footer|text)(?:, line (\d+), column (\d+))?: (.*?)\.?$/s;
/** The names that there are stand beside the editor. */
const allNames = /: expected one of .*$/s;

/** @returns null where the refusal is about something else */
export function faultIn(error: unknown): TemplateFault | null {
  if (!(error instanceof ApiProblem) || error.status !== 400) return null;
  const [, named, line, column, reason = ''] = place.exec(error.message) ?? [];
  const part = parts.find((each) => each === named);
  if (!part) return null;
  return { part, reason: reason.replace(allNames, ''), at: line && column ? { line: Number(line), column: Number(column) } : null };
}
