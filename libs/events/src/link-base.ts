/**
 * Whether a link may be made of it by putting `#key=…` behind it. Only the one canonical spelling: what reads differently to different
 * programs (`https://ok.test\@evil.test`, tabs, user parts, encoded slashes) never gets into a mail.
 */
export function isLinkBase(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { href, protocol, username, password, pathname } = new URL(text);
  if (protocol !== 'https:' && protocol !== 'http:') return false;
  const canonical = text === href || `${text}/` === href;
  return canonical && !username && !password && !/[?#]/.test(text) && !/%2f|%5c/i.test(pathname);
}

/** `https://ok.test.evil` does not lie below `https://ok.test`, nor `https://ok.test/apps` below `https://ok.test/app`. Both are link bases. */
export function liesBelow(link: string, base: string): boolean {
  const [target, allowed] = [new URL(link), new URL(base)];
  const folder = allowed.pathname.endsWith('/') ? allowed.pathname : `${allowed.pathname}/`;
  return target.origin === allowed.origin && (target.pathname === allowed.pathname || target.pathname.startsWith(folder));
}
