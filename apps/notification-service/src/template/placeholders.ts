import { faultAt, TemplateError, type TemplatePart } from './template-fault.ts';
import { adviceOn, ownNameOf, withoutUnitOfLock, withOwnLinks } from './wso2-templates.ts';

/** `{{name}}`, or `{{#name}}` and `{{^name}}` with their `{{/name}}`. */
export const placeholder = /\{\{\s*(?:([#^/])\s*)?([a-z][a-z0-9.:-]*)\s*\}\}/gi;
/** What somebody meant as one. */
const anyPlaceholder = /\{\{([^{}]*)\}\}/g;
/** As WSO2's oldest templates had them. */
const inSingleBraces = /(?<!\{)\{\s*([a-z][a-z0-9.:-]*)\s*\}(?!\})/gi;
/** Filling goes into each. */
const maxDepth = 64;

/** Of the brand: an administrator has set them, so they may stand where a person's own words may not. */
export const brandColors = ['organization.color.primary', 'organization.color.background', 'organization.theme.background.color', 'organization.theme.border.color', 'organization.font.color', 'organization.button.font.color'] as const;
/** Addresses below the deployment's own, where keys are at home. */
export const homes = ['carbon.product-url', 'carbon.product-url-with-user-tenant', 'account.recovery.endpoint-url', 'authentication.endpoint-url'] as const;

/** The names that a template may use, and what they stand for, in the order in which authors want them. `user.claim.*` and `url:<name>` come on top. */
export const descriptions: ReadonlyMap<string, string> = new Map([
  ['reset-link', 'the link that the mail is about'],
  ['confirmation-code', 'the key or the one-time code by itself'],
  ['user-name', 'the person’s username'],
  ['link-validity', 'how long the link works, in words'],
  ['expires-at', 'until when the link works'],
  ['requested-at', 'when it was asked for, or done'],
  ['client-address', 'from which network address, where that is known'],
  ['lock-duration', 'how long the account is locked, in words'],
  ['reference', 'ten symbols that lead the helpdesk to the mail'],
  ['callback', 'where the person goes on to'],
  ['userstore-domain', 'the person’s user store'],
  ['tenant-domain', 'the tenant'],
  ['current-year', 'the year of the mail'],
  ['organization-name', 'the brand’s name'],
  ['organization.logo.img', 'the address of the brand’s logo, for an image'],
  ['organization.logo.altText', 'the brand’s logo in words'],
  ['organization.support.mail', 'the brand’s address for help'],
  ['organization.copyright.text', 'the brand’s footer'],
  ['organization.color.primary', 'the colour of buttons, for a style'],
  ['organization.button.font.color', 'the colour of words on buttons, for a style'],
  ['organization.font.color', 'the colour of words, for a style'],
  ['organization.color.background', 'the colour around the mail, for a style'],
  ['organization.theme.background.color', 'the colour that the words stand on, for a style'],
  ['organization.theme.border.color', 'the colour of lines, for a style'],
  ['organization.font', 'the font, for a style'],
  ['carbon.product-url', 'the deployment’s address'],
  ['carbon.product-url-with-user-tenant', 'the tenant’s address'],
  ['account.recovery.endpoint-url', 'the address of WSO2’s recovery pages'],
  ['authentication.endpoint-url', 'the address of My Account’s sign-in'],
  // WSO2's links name the application with it.
  ['spId', 'nothing: there are no applications here'],
]);
/** Of the claims, which are as many as a directory has. */
export const claimDescriptions: ReadonlyMap<string, string> = new Map([
  ['user.claim.givenname', 'the given name, else the username'],
  ['user.claim.lastname', 'the family name'],
  ['user.claim.emailaddress', 'the mail address'],
]);

/** These tell of what has happened: nothing is asked for, and nothing expires. */
const notices = /^(?:passwordresetsucess|passwordchanged|accountidrecovery|selfsignupsuccess|account(?:un)?lock|notifyonexisting)/;
const onlyIn: Readonly<Record<string, (type: string) => boolean>> = {
  'reset-link': (type) => !type.endsWith('otp'),
  'confirmation-code': (type) => !notices.test(type),
  callback: (type) => !notices.test(type),
  'link-validity': (type) => !notices.test(type),
  'expires-at': (type) => !notices.test(type),
  'lock-duration': (type) => type.startsWith('accountlock'),
};

/** Whether mails of a shipped type have something in its place; a tenant's own type may be told of anything. */
export function isFilledIn(name: string, type: string): boolean {
  return onlyIn[name]?.(type) ?? name !== 'spId';
}

/** Of all parts of a template together: a value may have a thousand characters. */
const maxPlaceholders = 1_000;

/** In a style, or as an image's address: values that were checked when the brand was set. */
export const isColorOrFont = (name: string): boolean => name === 'organization.font' || brandColors.some((color) => color === name);

/** @throws TemplateError naming the placeholder that nobody fills or the section that does not end, and where it stands */
export function requireKnownPlaceholders(part: TemplatePart): void {
  const open: { readonly name: string; readonly index: number }[] = [];
  for (const { 0: written, 1: content = '', index } of part.source.matchAll(anyPlaceholder)) {
    const [, mark = '', name = ''] = /^([#^/]?)\s*(.*)$/s.exec(content.trim()) ?? [];
    if (!isKnown(name)) throw faultAt(part, index, `unknown placeholder ${written.slice(0, 80)}: ${adviceOn(withoutPrefix(name)) ?? `expected one of ${[...descriptions.keys()].join(', ')}, user.claim.<name> or url:<name>`}`);
    if (mark === '/') {
      if (open.pop()?.name !== name) throw faultAt(part, index, `${written} ends nothing`);
    } else if (mark !== '' && open.push({ name, index }) > maxDepth) throw faultAt(part, index, `more than ${maxDepth} sections within each other`);
  }
  const [unclosed] = open;
  if (unclosed) throw faultAt(part, unclosed.index, `expected {{/${unclosed.name}}} behind it`);
  for (const { 0: written, 1: name = '', index } of part.source.matchAll(inSingleBraces)) {
    if (isKnown(name) || adviceOn(name) !== null) throw faultAt(part, index, `${written} would be mailed as it is: ${adviceOn(name) ?? `write {{${name}}}`}`);
  }
}

/** @returns the same with our names, and our link, in the place of WSO2's */
export function inOwnWords(source: string): string {
  const named = source.replace(placeholder, (written: string, _mark: string | undefined, name: string) => {
    const plain = withoutPrefix(name);
    return written.replace(plain, ownNameOf(plain));
  });
  return withOwnLinks(withoutUnitOfLock(named));
}

/** @throws TemplateError where there are so many that nobody can say how large the mail may become */
export function requireFewPlaceholders(body: string, parts: readonly (string | null)[]): void {
  const count = parts.reduce((sum, part) => sum + (part?.match(placeholder)?.length ?? 0), 0);
  if (count > maxPlaceholders) throw new TemplateError(`${body}: it becomes a mail with ${count} placeholders, expected at most ${maxPlaceholders}`);
}

function withoutPrefix(name: string): string {
  return name.startsWith('url:') ? name.slice('url:'.length) : name;
}

function isKnown(name: string): boolean {
  const plain = ownNameOf(withoutPrefix(name));
  return descriptions.has(plain) || /^user\.claim\.[a-z][a-z0-9.-]*$/i.test(plain);
}
