const anchor = /<a\s[^>]*?href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))/gi;
const plainAddress = /\bhttps?:\/\/[^\s<>"]+/gi;
const namedEntities: Readonly<Record<string, string>> = { amp: '&', quot: '"', apos: "'", lt: '<', gt: '>' };

/** Every different web or mail address that a mail links to, in reading order. */
export function linksOf({ html, text }: { readonly html: string | null; readonly text: string | null }): string[] {
  const inHtml = [...(html ?? '').matchAll(anchor)].map(([, quoted, single, bare]) => decodeEntities(quoted ?? single ?? bare ?? '').trim());
  // What closes a sentence or a bracket is not part of the address in it.
  const inText = (text?.match(plainAddress) ?? []).map((found) => found.replace(/[.,;:!?)\]]+$/, ''));
  return [...new Set([...inHtml, ...inText])].filter((link) => /^(https?|mailto):/i.test(link));
}

function decodeEntities(value: string): string {
  return value.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]+));/gi, (entity, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return namedEntities[name.toLowerCase()] ?? entity;
    const codePoint = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return codePoint <= 0x10ffff ? String.fromCodePoint(codePoint) : entity;
  });
}
