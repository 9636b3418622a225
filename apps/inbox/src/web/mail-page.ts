/**
 * Mail HTML is a stranger's: it gets no script, no origin, no forms and nothing from elsewhere, and its links open in a tab of their
 * own. The header holds also where the mail is opened outside the inbox's frame.
 */
export const mailPagePolicy = [
  'sandbox allow-popups allow-popups-to-escape-sandbox',
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  'img-src data:',
  'font-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ');

const newTab = '<base target="_blank"><meta name="referrer" content="no-referrer">';

/** The mail's HTML as it came, with the one line that makes links open in a new tab. */
export function mailPage(html: string): string {
  const start = /<head(?:\s[^>]*)?>/i.exec(html) ?? /<html(?:\s[^>]*)?>/i.exec(html) ?? /^\s*<!doctype[^>]*>/i.exec(html);
  const at = start ? start.index + start[0].length : 0;
  return `${start ? '' : '<!doctype html>'}${html.slice(0, at)}${newTab}${html.slice(at)}`;
}
