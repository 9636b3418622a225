import { faultAt, type TemplatePart } from './template-fault.ts';

/** `{{name}}`, or `{{#name}}` and `{{^name}}` with their `{{/name}}`. */
export const placeholder = /\{\{\s*(?:([#^/])\s*)?([a-z][a-z0-9.:-]*)\s*\}\}/gi;
/** What somebody meant as one. */
const anyPlaceholder = /\{\{([^{}]*)\}\}/g;
/** Filling goes into each. */
const maxDepth = 64;

/** Of the brand: an administrator has set them, so they may stand where a person's own words may not. */
export const brandColors = ['organization.color.primary', 'organization.color.background', 'organization.theme.background.color', 'organization.theme.border.color', 'organization.font.color', 'organization.button.font.color'] as const;
const brand = [...brandColors, 'organization-name', 'organization.logo.img', 'organization.logo.altText', 'organization.copyright.text', 'organization.support.mail', 'organization.font'];
/** Addresses below the deployment's own, where keys are at home. */
export const homes = ['carbon.product-url', 'carbon.product-url-with-user-tenant', 'account.recovery.endpoint-url', 'authentication.endpoint-url'] as const;

/** The names that a template may use. `user.claim.*` and `url:<name>` come on top. */
const knownNames = new Set([
  ...['user-name', 'userstore-domain', 'tenant-domain', 'reset-link', 'confirmation-code', 'callback', 'link-validity', 'expires-at', 'requested-at', 'client-address', 'lock-duration', 'reference', 'current-year'],
  ...brand,
  ...homes,
  // WSO2's links name the application with it; there is none here.
  'spId',
]);

/** In a style, or as an image's address: values that were checked when the brand was set. */
export const isColorOrFont = (name: string): boolean => name === 'organization.font' || brandColors.some((color) => color === name);

/** @throws TemplateError naming the placeholder that nobody fills or the section that does not end, and where it stands */
export function requireKnownPlaceholders(part: TemplatePart): void {
  const open: { readonly name: string; readonly index: number }[] = [];
  for (const { 0: written, 1: content = '', index } of part.source.matchAll(anyPlaceholder)) {
    const [, mark = '', name = ''] = /^([#^/]?)\s*(.*)$/s.exec(content.trim()) ?? [];
    if (!isKnown(name)) throw faultAt(part, index, `unknown placeholder ${written.slice(0, 80)}: expected one of ${[...knownNames].join(', ')}, user.claim.<name> or url:<name>`);
    if (mark === '/') {
      if (open.pop()?.name !== name) throw faultAt(part, index, `${written} ends nothing`);
    } else if (mark !== '' && open.push({ name, index }) > maxDepth) throw faultAt(part, index, `more than ${maxDepth} sections within each other`);
  }
  const [unclosed] = open;
  if (unclosed) throw faultAt(part, unclosed.index, `expected {{/${unclosed.name}}} behind it`);
}

function isKnown(name: string): boolean {
  const plain = name.startsWith('url:') ? name.slice('url:'.length) : name;
  return knownNames.has(plain) || /^user\.claim\.[a-z][a-z0-9.-]*$/i.test(plain);
}
