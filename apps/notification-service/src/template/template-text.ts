import { faultAt, type TemplatePart } from './template-fault.ts';

export type Escape = (value: string) => string;

/** What a placeholder stands for, by its name; claims that a person lacks are empty. */
export type TemplateValues = ReadonlyMap<string, string>;

const placeholder = /\{\{\s*([a-z][a-z0-9.:-]*)\s*\}\}/gi;
/** What somebody meant as one. */
const anyPlaceholder = /\{\{([^{}]*)\}\}/g;

/** The names that a template may use. `user.claim.*` and `url:<name>` come on top. */
const knownNames = new Set(['user-name', 'userstore-domain', 'tenant-domain', 'reset-link', 'confirmation-code', 'callback', 'link-validity', 'organization-name', 'requested-at', 'client-address', 'lock-duration']);

/**
 * A text with `{{placeholders}}`, taken apart once: filling it in is a join. Values are escaped and never read again, so a value that
 * looks like a placeholder stays what it is.
 */
export class TemplateText {
  private constructor(
    private readonly literals: readonly string[],
    private readonly names: readonly string[],
  ) {}

  /** Names that nobody fills are left empty: `requireKnownPlaceholders` has seen to it that there are none. */
  static parse(text: string): TemplateText {
    const parts = text.split(placeholder);
    return new TemplateText(
      parts.filter((_, index) => index % 2 === 0),
      parts.filter((_, index) => index % 2 === 1),
    );
  }

  fill(values: TemplateValues, escape: Escape): string {
    return this.literals.map((literal, index) => literal + (index < this.names.length ? escape(valueOf(values, this.names[index] ?? '')) : '')).join('');
  }
}

/** @throws TemplateError naming the placeholder that nobody fills, and where it stands */
export function requireKnownPlaceholders(part: TemplatePart): void {
  for (const { 0: written, 1: name = '', index } of part.source.matchAll(anyPlaceholder)) {
    if (!isKnown(name.trim())) throw faultAt(part, index, `unknown placeholder ${written.slice(0, 80)}: expected one of ${[...knownNames].join(', ')}, user.claim.<name> or url:<name>`);
  }
}

function isKnown(name: string): boolean {
  const plain = name.startsWith('url:') ? name.slice('url:'.length) : name;
  return knownNames.has(plain) || /^user\.claim\.[a-z][a-z0-9.-]*$/i.test(plain);
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
