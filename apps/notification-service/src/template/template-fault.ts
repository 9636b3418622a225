/** A fault in a template, or an event that asks for one that is not there. */
export class TemplateError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TemplateError';
  }
}

/** One part of a template as its author wrote it. `name` is the file, or what the API calls the part: `body`. */
export interface TemplatePart {
  readonly name: string;
  readonly source: string;
}

/** @returns the error that tells an author what is wrong at this position, in lines and columns from 1 on */
export function faultAt({ name, source }: TemplatePart, position: number, reason: string): TemplateError {
  const before = source.slice(0, position).split('\n');
  return new TemplateError(`${name}, line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}: ${reason}`);
}
