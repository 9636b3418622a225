import fc from 'fast-check';
import { isLinkBase, liesBelow } from './link-base.ts';

describe('what a link may be made of', () => {
  it.each(['https://ok.test', 'https://ok.test/', 'https://ok.test:8443/app', 'http://localhost:9763/myaccount/reset', 'https://xn--bcher-kva.test/a%20b', 'https://[::1]/x'])('is %s', (text) => {
    expect(isLinkBase(text)).toBe(true);
  });

  it.each([
    'https://ok.test@evil.test', 'https://ok.test:pw@evil.test/', 'https://ok.test\\@evil.test', 'https://ok.test\\.evil.test', 'https:\\\\ok.test', 'https:ok.test', 'https:/ok.test/', 'https:///ok.test/', '//ok.test', '/reset', 'ok.test/app',
    'https://OK.test/app', 'HTTPS://ok.test/app', 'https://ok.test:443/app', 'http://ok.test:80/app', 'https://ok.test/app/../other', 'https://ok.test/app/%2e%2e/other', 'https://ok.test/./app',
    'https://ok.test/app%2f..%2fother', 'https://ok.test/app%2Fx', 'https://ok.test/app%5cx', 'https://ok.test/app\\x', 'https://ok.test/app?x=1', 'https://ok.test/app?', 'https://ok.test/app#x', 'https://ok.test/app#',
    ' https://ok.test', 'https://ok.test ', 'https://ok.te\tst', 'https://ok.test/\n', 'https://ok.test/a b', 'https://ökay.test', 'https://ok。test', 'https://ok.test%2eevil', 'https://0x7f.1/', 'javascript:alert(1)', 'data:text/html,x', 'ftp://ok.test', 'https://', '',
  ])('is not %j', (text) => {
    expect(isLinkBase(text)).toBe(false);
  });

  it('means the same to every program that reads it: its parts are those that stand in it', () => {
    fc.assert(
      fc.property(fc.oneof(fc.webUrl(), fc.string(), fc.tuple(fc.constantFrom('https://ok.test', 'https://ok.test/app', 'http:'), fc.string()).map((parts) => parts.join(''))), (text) => {
        fc.pre(isLinkBase(text));
        const [, scheme, authority, path = ''] = /^(https?):\/\/([^/]+)(\/.*)?$/.exec(text) ?? [];
        const url = new URL(`${text}#key=abc`);
        expect([url.protocol, url.host, url.pathname, url.hash]).toEqual([`${scheme}:`, authority, path || '/', '#key=abc']);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('lying below a link base', () => {
  it.each([['https://ok.test/app', 'https://ok.test'], ['https://ok.test/', 'https://ok.test'], ['https://ok.test/app', 'https://ok.test/app'], ['https://ok.test/app/', 'https://ok.test/app'], ['https://ok.test/app/x', 'https://ok.test/app/']])('does %s below %s', (link, base) => {
    expect(liesBelow(link, base)).toBe(true);
  });

  it.each([['https://ok.test.evil', 'https://ok.test'], ['https://ok.test/apps', 'https://ok.test/app'], ['https://ok.test', 'https://ok.test/app'], ['http://ok.test', 'https://ok.test'], ['https://ok.test:444', 'https://ok.test'], ['https://ok.test', 'https://ok.test:444'], ['https://a.ok.test', 'https://ok.test'], ['https://ok.test/App', 'https://ok.test/app']])('does not %s below %s', (link, base) => {
    expect(liesBelow(link, base)).toBe(false);
  });
});
