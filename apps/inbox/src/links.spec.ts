import { linksOf } from './links.ts';

describe('the links of a mail', () => {
  it('are those of both parts, each once, HTML first', () => {
    const html = '<a class="b" href="https://a.test/?x=1&amp;y=2#key=k">a</a> <A HREF=\'https://b.test/\'>b</A> <a href=https://c.test>c</a>';
    const text = 'See https://a.test/?x=1&y=2#key=k, (https://d.test/x) and https://e.test/.';
    expect(linksOf({ html, text })).toEqual(['https://a.test/?x=1&y=2#key=k', 'https://b.test/', 'https://c.test', 'https://d.test/x', 'https://e.test/']);
  });

  it('decode what HTML writes in other ways', () => {
    expect(linksOf({ html: '<a href="https&#58;//a.test/&#x3D;&copy;">a</a>', text: null })).toEqual(['https://a.test/=&copy;']);
  });

  it('are never script', () => {
    expect(linksOf({ html: '<a href="javascript:alert(1)">a</a><a href=" data:text/html,x">b</a><a href="mailto:a@b.test">c</a>', text: null })).toEqual(['mailto:a@b.test']);
  });
});
