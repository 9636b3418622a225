import { canonicalTenantDomain, judgeNewDomain } from '../index.ts';

describe('the domain of a tenant', () => {
  it.each([['Carbon.Super', 'carbon.super'], ['ACME.example', 'acme.example'], ['a-b.1.x', 'a-b.1.x'], ['localhost', 'localhost']])('%j is compared as %j', (text, domain) => {
    expect(canonicalTenantDomain(text)).toBe(domain);
  });

  it.each(['', '.', 'a..b', '.a', 'a.', '-a.example', 'a-.example', 'a_b.example', 'a b.example', 'a/b', '..', 'a.example\0', 'a.example\n', `${'a'.repeat(64)}.example`, `${'a.'.repeat(127)}ab`])('%j is none', (text) => {
    expect(canonicalTenantDomain(text)).toBeNull();
  });

  it.each(['\u212Aelvin.example', 'ac\u043Ce.example', '\uFF41cme.example', 'acme\u3002example', 'ac\u00ADme.example', '\u0130.example'])('%j is none: no other letter passes for one of ASCII’s', (text) => {
    expect([canonicalTenantDomain(text), judgeNewDomain(text)]).toEqual([null, 'malformed']);
  });
});

describe('a new tenant', () => {
  it.each(['acme.example', 'a.b', '4you.example', 'my-company.co.uk'])('may be %s', (domain) => {
    expect(judgeNewDomain(domain)).toBe('free');
  });

  it.each(['acme', 'Acme.example', '10.0.0.1', 'acme.example.', 't/acme.example', 'acme.example/..', '%2e.example', ''])('may not be %j, which is no domain in small letters', (domain) => {
    expect(judgeNewDomain(domain)).toBe('malformed');
  });

  it.each(['carbon.super', 'acme.super', 'xn--80ak6aa92e.example', 'a.xn--p1ai'])('may not be %s, which is reserved', (domain) => {
    expect(judgeNewDomain(domain)).toBe('reserved');
  });
});
