export type ColorScheme = 'light' | 'dark';

/**
 * What a mail may do while an administrator looks at it, whoever wrote it: show itself, with the styles that a mail carries within it. Nothing
 * runs, is loaded, sent or opened, and the frame that it is in has an origin of its own (`sandbox`), so that it reaches nothing of the Console.
 */
export const previewPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox";

/** A link would open in a window of its own, which the sandbox has none of: pressed, it does nothing. */
const inertLinks = '<base target="_blank">';
const beginning = /^\s*(?:<!doctype[^>]*>)?\s*(?:<html[^>]*>)?\s*(?:<head[^>]*>)?/i;

/** A page of its own of a mail's HTML, as a mail program that is set to this scheme shows it, whatever the browser is set to. */
export function previewPage(html: string, scheme: ColorScheme): string {
  const page = inScheme(html, scheme).replace(/(<a\s[^<>]*?)\starget\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]+)/gi, '$1');
  return page.replace(beginning, (found) => (/<!doctype/i.test(found) ? '' : '<!doctype html>') + found + inertLinks);
}

/** Of a condition, one that always holds or never; of the schemes that a mail says it can be shown in, this one. */
function inScheme(html: string, scheme: ColorScheme): string {
  return html
    .replace(/\(\s*prefers-color-scheme\s*:\s*(light|dark)\s*\)/gi, (_, named: string) => (named.toLowerCase() === scheme ? '(min-width: 0)' : '(max-width: 0)'))
    .replace(/(\bcolor-scheme\s*:\s*)(?:light\s+dark|dark\s+light)\b/gi, `$1${scheme}`)
    .replace(/(<meta\s+name\s*=\s*"color-scheme"\s+content\s*=\s*")(?:light dark|dark light)(?=")/gi, `$1${scheme}`);
}
