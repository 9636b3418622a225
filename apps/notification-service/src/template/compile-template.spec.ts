import { compileTemplate } from './compile-template.ts';

const compiled = (body: string, more: { contentType?: string; subject?: string; footer?: string; text?: string } = {}) => compileTemplate({ id: 'en_US', contentType: 'text/html', subject: 'Hi', footer: '', ...more, body });
const refusal = (body: string) => compiled(body).then(() => 'taken', (error: unknown) => (error instanceof Error ? error.message : ''));
const mjml = (text: string, head = '') => `<mjml>\n<mj-head>${head}</mj-head>\n<mj-body><mj-section><mj-column><mj-text>${text}</mj-text></mj-column></mj-section></mj-body>\n</mjml>`;

describe('a template that is saved', () => {
  it('may be HTML as WSO2’s are, MJML, or plain text', async () => {
    const html = '<table border="0"><tr><td style="color: #333">Hello {{user.claim.givenname}}<br><a href="https://id.example.com/confirm?code={{confirmation-code}}&amp;u={{url:user-name}}">Reset</a></td></tr></table>';
    expect((await compiled(html)).html).toBe(html);
    expect((await compiled(mjml('Hello {{user-name}}'))).html).toMatch(/<!doctype html>[\s\S]+Hello \{\{user-name\}\}/);
    expect(await compiled('Hello {{user-name}} <3', { contentType: 'text/plain', footer: '-- us' })).toEqual({ subject: 'Hi', html: null, text: 'Hello {{user-name}} <3\n\n-- us' });
  });

  it('has its footer within the page', async () => {
    expect((await compiled('<html><body><p>Hello</p></body></html>', { footer: '<p>us</p>' })).html).toBe('<html><body><p>Hello</p><p>us</p></body></html>');
    expect((await compiled('<p>Hello</p>', { footer: '--' })).html).toBe('<p>Hello</p>\n--');
  });

  it('has the text part that it brings, or one made of its words and links', async () => {
    expect((await compiled('<p>Hello</p>', { text: 'as written' })).text).toBe('as written');
    const html = '<html><head><title>t</title><style>p { color: red }</style></head><body><div style="display:none">hidden<br>too</div><h1>Reset</h1><p>Hello&nbsp;{{user-name}} &amp; all,</p><p><a href="{{reset-link}}">Click</a> or <a href="{{reset-link}}">{{reset-link}}</a></p><ul><li>one<li>two</ul></body></html>';
    expect((await compiled(html)).text).toBe('Reset\n\nHello {{user-name}} & all,\n\nClick: {{reset-link}} or {{reset-link}}\n\n- one\n- two');
    expect((await compiled(mjml('<b>Hello</b> {{user-name}}', '<mj-title>t</mj-title><mj-preview>p</mj-preview>'))).text).toBe('Hello {{user-name}}');
  });

  it.each([
    ['an unknown placeholder', '<p>Hello</p>\n  <p>{{nobody}}</p>', /^body, line 2, column 6: unknown placeholder \{\{nobody\}\}/],
    ['code in a placeholder', '{{constructor.constructor("x")()}}', /^body, line 1, column 1: unknown placeholder/],
    ['an element MJML does not know', mjml('x').replace('<mj-column>', '<mj-colum>').replace('</mj-column>', '</mj-colum>'), /^body, line 3, column 22: Element mj-colum/],
    ['an attribute MJML does not know', mjml('x').replace('<mj-section', '<mj-section colour="red"'), /^body, line 3, column 10: Attribute colour is illegal/],
    ['MJML that ends elsewhere', mjml('<b>x'), /^body, line 3, column \d+: expected <\/b>/],
    ['MJML that is no mail', '<mjml>hello</mjml>', /^body: Malformed MJML/],
    ['a tag that cannot be read', '<p>1 < 2</p>', /^body, line 1, column 6: expected a tag/],
    ['a tag without its end', '<div><p>Hello</p>', /^body, line 1, column 1: <div> has no end/],
    ['a script', '<p>x</p>\n<script>alert(1)</script>', /^body, line 2, column 1: <script> has no place/],
    ['a script in MJML', mjml('<ScRiPt>alert(1)</ScRiPt>'), /<script> has no place/],
    ['a form', '<form action="https://evil.test"><p>x</p></form>', /<form> has no place/],
    ['a frame', '<iframe src="https://evil.test"></iframe>', /<iframe> has no place/],
    ['a drawing', '<svg onload="x"></svg>', /<svg> has no place/],
    ['a page that moves on', '<meta http-equiv="refresh" content="0;url=https://evil.test">', /http-equiv="refresh"/],
    ['an attribute that runs', '<p onclick="x">x</p>', /^body, line 1, column 4: the attribute onclick/],
    ['an address that runs', '<a href="javascript:alert(1)">x</a>', /expected an address that begins with https/],
    ['a person’s own word as the address', '<a href="{{user.claim.url}}">x</a>', /expected an address that begins with https/],
    ['a person’s own word as the host', '<a href="https://{{user-name}}/">x</a>', /expected an address that begins with https/],
    ['an image that learns the key', '<img src="https://evil.test/?k={{confirmation-code}}">', /whoever serves it would learn/],
    ['an image in the clear', '<img src="http://example.com/logo.png">', /expected an https address/],
    ['a placeholder that could start an attribute', '<p title={{user-name}}>x</p>', /put the attribute in quotes/],
    ['a placeholder in a style', '<p style="color: {{user.claim.color}}">x</p>', /a style has no placeholders/],
    ['a style from elsewhere', '<style>@import "https://evil.test/x.css";</style>', /"@import" has no place/],
    ['a style that loads in the clear', '<p style="background: url(\'//evil.test/x\')">x</p>', /has no place in a mail's style/],
    ['a file of the machine', '<mjml><mj-head><mj-include path="/etc/passwd" /></mj-head><mj-body></mj-body></mjml>', /<mj-include> has no place/],
    ['a file of the machine, in HTML', '<mj-include path="/etc/passwd" type="html" />', /<mj-include> has no place/],
    ['a font from elsewhere', mjml('x', '<mj-font name="Evil" href="https://evil.test/x.css" />'), /<mj-font> has no place/],
    ['attributes that MJML adds', mjml('x', '<mj-html-attributes><mj-selector path="p"><mj-html-attribute name="onclick">x</mj-html-attribute></mj-selector></mj-html-attributes>'), /<mj-html-attributes> has no place/],
    ['an attribute that ends another', mjml('x').replace('<mj-text>', `<mj-text css-class='a" onclick="x'>`), /write &quot;/],
    ['elements too deep', `${'<div>'.repeat(65)}${'</div>'.repeat(65)}`, /more than 64 elements within each other/],
    ['too many elements', '<br>'.repeat(501), /more than 500 elements/],
    ['MJML that grows beyond measure', `<mjml><mj-body>${'<mj-section><mj-column><mj-text>x</mj-text></mj-column></mj-section>'.repeat(165)}</mj-body></mjml>`, /^body: it becomes \d+ characters of HTML/],
    ['a comment without end', '<p>x</p><!-- ', /this comment has no end/],
    ['a script behind a comment that ends early', '<!--><script>alert(1)</script>-->', /^body, line 1, column 1: this comment ends in two ways/],
    ['a script behind a comment that ends oddly', '<!-- --!><script>alert(1)</script>-->', /this comment ends in two ways/],
    ['a script behind a title', '<title><!--</title><script>alert(1)</script>--></title>', /<script> has no place/],
    ['a script behind a title in MJML', mjml('x', '<mj-title><!--</title><script>alert(1)</script>--></mj-title>'), /has no place|has no end|ends nothing|expected/],
    ['an address in a style that is written otherwise', '<p style="background: u&#114;l(http://evil.test/x)">x</p>', /"&" has no place/],
    ['a tag that no two programs read alike', '<p title="a"b="c">x</p>', /the tag <p> cannot be read from here on/],
  ])('is refused with line and column for %s', async (_what, body, expected) => {
    expect(await refusal(body)).toMatch(expected);
  });

  it('takes no longer over what is written to be slow', async () => {
    for (const hostile of ['<'.repeat(60_000), '<p '.repeat(20_000), `<p ${'a '.repeat(30_000)}`, '{{'.repeat(30_000), '<style>'.repeat(8_000), '<!--'.repeat(15_000), `<p>${' '.repeat(59_000)}`, '&'.repeat(60_000)]) expect(typeof (await refusal(hostile))).toBe('string');
  });

  it('tells which part is at fault', async () => {
    await expect(compiled('<p>x</p>', { subject: 'Hi {{you}}' })).rejects.toThrow(/^subject, line 1, column 4/);
    await expect(compiled('<p>x</p>', { footer: '<script>' })).rejects.toThrow(/^footer, line 1, column 1/);
    await expect(compiled('<p>x</p>', { text: 'a\n{{b}}' })).rejects.toThrow(/^text, line 2, column 1/);
  });
});
