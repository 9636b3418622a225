/** A fault in a template, or an event that asks for one that is not there. */
export class TemplateError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TemplateError';
  }
}

export type Escape = (value: string) => string;

/** What a placeholder stands for, by its name; claims that a person lacks are empty. */
export type TemplateValues = ReadonlyMap<string, string>;

const placeholder = /\{\{\s*([a-z][a-z0-9.:-]*)\s*\}\}/gi;

/** The names that a template may use. `user.claim.*` and `url:<name>` come on top. */
const knownNames = new Set(['user-name', 'userstore-domain', 'tenant-domain', 'reset-link', 'confirmation-code', 'link-validity', 'organization-name', 'requested-at', 'client-address', 'lock-duration']);

/**
 * A text with `{{placeholders}}`, taken apart once: filling it in is a join. Values are escaped and never read again, so a value that
 * looks like a placeholder stays what it is.
 */
export class TemplateText {
  private constructor(
    private readonly literals: readonly string[],
    private readonly names: readonly string[],
  ) {}

  /** @throws TemplateError naming the file and the placeholder that nobody fills */
  static parse(text: string, file: string): TemplateText {
    const parts = text.split(placeholder);
    const names = parts.filter((_, index) => index % 2 === 1);
    const unknown = names.find((name) => !isKnown(name));
    if (unknown !== undefined) throw new TemplateError(`${file}: unknown placeholder {{${unknown}}}: expected one of ${[...knownNames].join(', ')}, user.claim.<name> or url:<name>`);
    return new TemplateText(
      parts.filter((_, index) => index % 2 === 0),
      names,
    );
  }

  fill(values: TemplateValues, escape: Escape): string {
    return this.literals.map((literal, index) => literal + (index < this.names.length ? escape(valueOf(values, this.names[index] ?? '')) : '')).join('');
  }
}

function isKnown(name: string): boolean {
  const plain = name.startsWith('url:') ? name.slice('url:'.length) : name;
  return knownNames.has(plain) || plain.startsWith('user.claim.');
}

function valueOf(values: TemplateValues, name: string): string {
  return name.startsWith('url:') ? encodeURIComponent(values.get(name.slice('url:'.length)) ?? '') : (values.get(name) ?? '');
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** For HTML text and quoted attributes. Direction overrides, with which a name could reorder the words around it, are dropped. */
export function escapeHtml(value: string): string {
  return asOneLine(value).replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

/** For headers and plain text: a value cannot start a line of its own. */
export function asOneLine(value: string): string {
  return value.replace(/[\u202A-\u202E\u2066-\u2069]/g, '').replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}
