import { until } from '@rekey/test-kit';
import { BothServices, embeddedBus, keyIn } from './testing/both-services.ts';

const address = '/api/server/v1/email/template-types';
const idOf = (displayName: string) => Buffer.from(displayName).toString('base64url');
const passwordReset = `${address}/${idOf('PasswordReset')}`;
const html = (text: string) => `<html><body><p>${text} {{user.claim.givenname}}: <a href="https://id.example.com/accountrecoveryendpoint/confirmrecovery.do?confirmation={{confirmation-code}}&amp;username={{url:user-name}}">Reset</a></p></body></html>`;
const aTemplate = (more: object = {}) => ({ id: 'en_US', contentType: 'text/html', subject: 'Our own words', body: html('Dear'), footer: '<p>-- Acme</p>', ...more });
const acme = '/t/acme.example';

let services: BothServices;
beforeAll(async () => {
  services = await BothServices.start(await embeddedBus());
  await services.databases[0].query(`INSERT INTO tenant (domain) VALUES ('acme.example') ON CONFLICT DO NOTHING`);
  // A tenant is seen by every instance within five seconds.
  await until(async () => (await services.ask('GET', acme + address)).status === 200);
});
afterAll(() => services.stop());

const put = (template: object, at = `${passwordReset}/templates/en_US`) => services.ask('PUT', at, template);
const codeOf = (body: unknown) => (body as { readonly code?: string } | null)?.code;
const descriptionOf = (body: unknown) => (body as { readonly description?: string } | null)?.description;

/** Asks for a link again and again, each for somebody else, as nobody waits longer than a second for a change. */
async function mailTo(username: string, more: object = {}) {
  await services.aUser(username, more);
  await services.recover(username);
  const [mail] = await services.mailsTo(username, 1);
  if (!mail) throw new Error('a mail was waited for');
  return mail;
}

describe('the mail template types', () => {
  it('are listed, read and found by WSO2’s ids: the display name in base64url', async () => {
    const { body } = await services.ask('GET', address);
    expect(body).toContainEqual({ id: idOf('PasswordReset'), displayName: 'PasswordReset', self: `/t/carbon.super${passwordReset}` });
    const type = await services.ask('GET', passwordReset);
    expect((await services.ask('GET', `${address}?requiredAttributes=templates`)).body).toContainEqual({ ...(type.body as object), self: `/t/carbon.super${passwordReset}` });
    expect(type.body).toMatchObject({ id: idOf('PasswordReset'), displayName: 'PasswordReset', templates: expect.arrayContaining([expect.objectContaining({ id: 'de_DE' }), expect.objectContaining({ id: 'en_US' })]) });
    expect((await services.ask('GET', `${passwordReset}/templates`)).body).toContainEqual({ id: 'en_US', self: `/t/carbon.super${passwordReset}/templates/en_US` });
    expect((await services.ask('GET', `${address}/${idOf('passwordreset')}`)).status).toBe(200);
  });

  it('are added, once whatever the case of the name, and removed', async () => {
    const added = await services.post(address, { displayName: 'Our News', templates: [aTemplate()] });
    expect([added.status, added.body]).toEqual([201, { id: idOf('Our News'), displayName: 'Our News', self: `/t/carbon.super${address}/${idOf('Our News')}` }]);
    expect((await services.ask('POST', address, { displayName: 'Other News' })).headers.get('location')).toBe(`https://id.example.com/t/carbon.super${address}/${idOf('Other News')}`);
    for (const displayName of ['Our News', 'OURNEWS', 'passwordreset']) {
      const again = await services.post(address, { displayName, templates: [] });
      expect([displayName, again.status, codeOf(again.body)]).toEqual([displayName, 409, 'ETM-50005']);
    }
    const own = `${address}/${idOf('Our News')}`;
    expect((await services.ask('GET', `${own}/templates/en_US`)).body).toEqual(aTemplate());
    expect((await services.ask('DELETE', own)).status).toBe(204);
    for (const method of ['GET', 'DELETE']) expect((await services.ask(method, own)).status).toBe(404);
    expect((await services.ask('GET', acme + own)).status).toBe(404);
  });

  it('have all of their templates replaced at once, or none', async () => {
    const type = `${address}/${idOf('Replaced')}`;
    await services.post(address, { displayName: 'Replaced', templates: [aTemplate(), aTemplate({ id: 'fr_FR' })] });
    const localesOf = async () => ((await services.ask('GET', `${type}/templates`)).body as { readonly id: string }[]).map(({ id }) => id).sort();
    expect((await put([aTemplate({ id: 'it_IT' }), aTemplate({ subject: 'new words' })], type)).status).toBe(200);
    expect([await localesOf(), (await services.ask('GET', `${type}/templates/en_US`)).body]).toEqual([['en_US', 'it_IT'], aTemplate({ subject: 'new words' })]);
    for (const [status, templates] of [[400, [aTemplate({ id: 'es_ES' }), aTemplate({ body: '{{nobody}}' })]], [409, [aTemplate(), aTemplate()]]] as const) expect((await put(templates, type)).status).toBe(status);
    expect(await localesOf()).toEqual(['en_US', 'it_IT']);
  });

  it('that are not there are 404, whatever the id', async () => {
    for (const id of [idOf('nothing'), '%20', 'not+base64', '.', idOf('\0'), idOf('x'.repeat(64)), 'UGFzc3dvcmRSZXNldB']) {
      const answer = await services.ask('GET', `${address}/${id}/templates`);
      expect([id, answer.status]).toEqual([id, 404]);
    }
    expect((await services.post(`${address}/${idOf('nothing')}/templates`, aTemplate())).status).toBe(404);
  });
});

describe('the mail templates', () => {
  it('count for the next mail once they are replaced, with the key where WSO2’s templates have it, and are as shipped again once removed', async () => {
    expect((await mailTo('before')).parsed.subject).toBe('Reset your password');
    const replaced = await put(aTemplate());
    expect([replaced.status, replaced.body]).toEqual([200, null]);
    await until(async () => (await mailTo(`after-${Date.now()}`)).parsed.subject === 'Our own words');

    const { parsed } = await mailTo('kim', { name: { givenName: '<Kim>' } });
    const key = /confirmation=([\w-]{43})&/.exec(parsed.text ?? '')?.[1];
    expect(parsed.html).toContain(`<p>Dear &lt;Kim&gt;: <a href="https://id.example.com/accountrecoveryendpoint/confirmrecovery.do?confirmation=${key}&amp;username=kim">Reset</a></p><p>-- Acme</p></body>`);
    expect(parsed.text?.trim()).toBe(`Dear <Kim>: Reset: https://id.example.com/accountrecoveryendpoint/confirmrecovery.do?confirmation=${key}&username=kim\n\n-- Acme`);
    expect(await services.setPassword(key ?? '', 'a password nobody has guessed')).toBe(200);
    // The shipped German one is as it was, and so is another tenant's English one.
    expect((await mailTo('anna', { locale: 'de_DE' })).parsed.subject).toBe('Passwort zurücksetzen');
    expect((await services.ask('GET', `${acme}${passwordReset}/templates/en_US`)).body).toMatchObject({ subject: 'Reset your password' });

    expect((await services.ask('DELETE', `${passwordReset}/templates/en_US`)).status).toBe(204);
    await until(async () => (await mailTo(`again-${Date.now()}`)).parsed.subject === 'Reset your password');
    expect((await services.ask('DELETE', `${passwordReset}/templates/en_US`)).status).toBe(204);
    expect((await services.ask('GET', `${passwordReset}/templates/en_US`)).status).toBe(200);
  });

  it('are replaced as they were read, where that is asked: of any number who have read the same one, one', async () => {
    const at = `${passwordReset}/templates/de_DE`;
    const tagOf = async () => (await services.ask('GET', at)).headers.get('etag') ?? '';
    const replace = async (ifMatch: string, subject: string) => services.ask('PUT', at, aTemplate({ id: 'de_DE', subject }), undefined, { 'if-match': ifMatch });
    expect(await tagOf()).toBe('"shipped"');
    const racers = await Promise.all(['a', 'b', 'c', 'd'].map((subject) => replace('"shipped"', subject)));
    expect(racers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412]);
    const tag = await tagOf();
    const late = await replace('"shipped"', 'late');
    expect([late.status, codeOf(late.body)]).toEqual([412, 'RKY-10120']);
    for (const other of ['shipped', '', 'W/"0"', tag.replace('"', '"0')]) expect([other, (await replace(other, 'other')).status]).toEqual([other, 412]);
    expect(await tagOf()).toBe(tag);
    for (const matching of [`"shipped", ${tag}`, '*']) expect([matching, (await replace(matching, 'in time')).status]).toEqual([matching, 200]);
    expect((await services.ask('PUT', `${passwordReset}/templates/xx_XX`, aTemplate({ id: 'xx_XX' }), undefined, { 'if-match': tag })).status).toBe(404);
    // Who has read the shipped one may still replace it: what was saved in between is gone.
    await services.ask('DELETE', at);
    expect([await tagOf(), (await replace('"shipped"', 'again')).status]).toEqual(['"shipped"', 200]);
    await services.ask('DELETE', at);
  });

  it('that are shipped can be read, changed and saved as they are', async () => {
    const { body } = await services.ask('GET', `${passwordReset}/templates/en_US`);
    const shipped = body as ReturnType<typeof aTemplate>;
    expect(shipped).toMatchObject({ id: 'en_US', contentType: 'text/html', subject: 'Reset your password', body: expect.stringMatching(/^<mjml/), footer: '' });
    expect((await put({ ...shipped, subject: 'Reset it' })).status).toBe(200);
    await until(async () => (await mailTo(`whole-${Date.now()}`)).parsed.subject === 'Reset it');
    const mail = await mailTo('whole');
    expect(mail.parsed.html).toContain('Set a new password');
    expect(await services.setPassword(keyIn(mail), 'a password nobody has guessed')).toBe(200);
    await services.ask('DELETE', passwordReset);
    expect((await services.ask('GET', `${passwordReset}/templates/en_US`)).body).toEqual(shipped);
  });

  it('in a language of the tenant’s own are written to those who speak it, as plain text where they are', async () => {
    const italian = aTemplate({ id: 'it_IT', contentType: 'text/plain', subject: 'La tua password', body: 'Ciao {{user-name}}, {{reset-link}}', footer: '-- Acme' });
    const added = await services.ask('POST', `${passwordReset}/templates`, italian);
    expect([added.status, added.body, added.headers.get('location')]).toEqual([201, { id: 'it_IT', self: `/t/carbon.super${passwordReset}/templates/it_IT` }, `https://id.example.com/t/carbon.super${passwordReset}/templates/it_IT`]);
    const again = await services.post(passwordReset, italian);
    expect([again.status, codeOf(again.body)]).toEqual([409, 'ETM-50004']);
    await until(async () => (await mailTo(`it-${Date.now()}`, { locale: 'it_CH' })).parsed.subject === 'La tua password');
    const { parsed } = await mailTo('chiara', { locale: 'it_CH' });
    expect([parsed.html, parsed.text]).toEqual([false, expect.stringMatching(/^Ciao chiara, https:\/\/id\.example\.com\/myaccount\/reset#key=[\w-]+\n\n-- Acme/)]);
    expect((await services.ask('DELETE', `${passwordReset}/templates/it_IT`)).status).toBe(204);
    expect((await services.ask('GET', `${passwordReset}/templates/it_IT`)).status).toBe(404);
  });

  it('are refused whole, with part, line and column, and the one before still counts', async () => {
    const refused: [object, RegExp][] = [
      [{ body: '<p>Hello</p>\n<p>{{nobody}}</p>' }, /: body, line 2, column 4: unknown placeholder \{\{nobody\}\}/],
      [{ body: '<mjml><mj-body><mj-section><mj-column><mj-include path="/etc/passwd" /></mj-column></mj-section></mj-body></mjml>' }, /: body, line 1, column 39: <mj-include>/],
      [{ body: '<script>alert(1)</script>' }, /: body, line 1, column 1: <script>/],
      [{ subject: '' }, /: subject/],
      [{ contentType: 'text/xml' }, /: contentType: expected "text\/html" or "text\/plain"/],
      [{ body: 'a\0b' }, /: body: must be Unicode text without NUL/],
      [{ id: 'de_DE' }, /: id: expected "en_US" as in the address/],
      [{ to: 'eve@evil.test' }, /: body: Unrecognized key/],
    ];
    for (const [more, expected] of refused) {
      const answer = await put(aTemplate(more));
      expect([answer.status, descriptionOf(answer.body)]).toEqual([400, expect.stringMatching(expected)]);
    }
    expect((await put(aTemplate({ body: '<p>'.repeat(5_000_000) }))).status).toBe(413);
    for (const locale of ['en', '..%2F..', 'en_US_POSIX_and_more', '12']) expect((await put(aTemplate({ id: locale }), `${passwordReset}/templates/${locale}`)).status).toBeGreaterThanOrEqual(400);
    expect((await services.ask('GET', `${passwordReset}/templates/en_US`)).body).toMatchObject({ subject: 'Reset your password' });
  });

  it('can be looked at before they are saved, filled in with nobody’s data', async () => {
    const preview = '/api/rekey/v1/mail-templates/preview';
    const { status, body } = await services.post(preview, aTemplate({ subject: 'For {{user-name}}' }));
    expect([status, body]).toEqual([200, { subject: 'For kim', html: expect.stringContaining('<p>Dear Kim: <a href='), text: expect.stringContaining('Dear Kim: Reset: https://'), previewId: expect.any(String) }]);
    const refused = await services.post(preview, aTemplate({ body: '{{nobody}}' }));
    expect([refused.status, descriptionOf(refused.body)]).toEqual([400, expect.stringContaining('body, line 1, column 1')]);
    expect((await services.ask('POST', preview, aTemplate(), 'admin:not the password')).status).toBe(401);
  });

  it('are shown to whoever previewed them alone, for a while, on a page that runs, loads and opens nothing (S40, S41)', async () => {
    const [preview, previews] = ['/api/rekey/v1/mail-templates/preview', '/api/rekey/v1/mail-templates/previews'];
    const previewed = async (more: object = {}) => ((await services.post(preview, aTemplate(more))).body as { readonly previewId: string }).previewId;
    const id = await previewed({ body: '<p>For {{user-name}}</p>' });
    const page = await services.ask('GET', `${previews}/${id}?scheme=dark`);
    expect([page.status, page.headers.get('content-type'), page.body]).toEqual([200, 'text/html; charset=utf-8', expect.stringContaining('<p>For kim</p>')]);
    expect(page.headers.get('content-security-policy')).toBe("default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox");
    expect((await services.post(preview, aTemplate({ contentType: 'text/plain', body: 'Hello' }))).body).toMatchObject({ html: null, previewId: null });

    const stranger = 'stranger:a phrase that nobody else knows';
    await services.aUser('stranger', { password: 'a phrase that nobody else knows' });
    for (const [at, as, expected] of [[`${previews}/${id}`, 'admin:not the password', 401], [`${acme}${previews}/${id}`, undefined, 200], [`${previews}/${id}`, stranger, 403], [`${previews}/none`, undefined, 404], [`${previews}/00000000-0000-4000-8000-000000000000`, undefined, 404], [`${previews}/${id}?scheme=pink`, undefined, 400]] as const) expect([at, (await services.ask('GET', at, undefined, as)).status]).toEqual([at, expected]);
    await services.databases[0].query(`UPDATE mail_preview SET user_id = gen_random_uuid() WHERE id = $1`, [id]);
    expect((await services.ask('GET', `${previews}/${id}`)).status).toBe(404);
    const old = await previewed();
    await services.databases[0].query(`UPDATE mail_preview SET kept_at = now() - interval '16 minutes' WHERE id = $1`, [old]);
    expect((await services.ask('GET', `${previews}/${old}`)).status).toBe(404);
    const ids = [];
    for (let n = 0; n < 21; n++) ids.push(await previewed());
    expect([(await services.ask('GET', `${previews}/${ids[0]}`)).status, (await services.ask('GET', `${previews}/${ids[1]}`)).status]).toEqual([404, 200]);
    expect(await services.databases[0].query(`SELECT FROM mail_preview WHERE id = $1`, [old])).toEqual([]);
  });

  it('tell what may stand in them, with what it means and what a preview has there', async () => {
    const listed = async (type: string, locale = 'en_US') => {
      const { status, body } = await services.ask('GET', `/api/rekey/v1/mail-templates/${type}/${locale}/placeholders`);
      return status === 200 ? new Map((body as { readonly placeholders: readonly { readonly name: string; readonly sample: string }[] }).placeholders.map(({ name, sample }) => [name, sample])) : status;
    };
    const [reset, otp, lock] = [await listed('PasswordReset'), await listed('PasswordResetOTP'), await listed('AccountLock', 'de_DE')] as readonly Map<string, string>[]; // of types that there are
    expect([reset?.get('user.claim.givenname'), reset?.get('link-validity'), reset?.has('lock-duration'), reset?.has('organization.color.primary')]).toEqual(['Kim', '60 minutes', false, true]);
    expect([otp?.has('reset-link'), otp?.has('confirmation-code'), lock?.get('lock-duration'), lock?.has('confirmation-code')]).toEqual([false, true, '5 Minuten', false]);
    expect(await listed('Nothing')).toBe(404);
    await services.post(address, { displayName: 'Of our own' });
    expect([...((await listed('Of our own')) as Map<string, string>).keys()]).toEqual(expect.arrayContaining(['reset-link', 'confirmation-code', 'lock-duration']));
  });

  it('become no mail of a size that nobody knows: neither by what they say nor by what is filled in', async () => {
    for (const [body, expected] of [[`<p>${'مرحبا '.repeat(5_000)}</p>`, /: body: the mail has \d{6} bytes, filled in with sample values, expected at most 262144/], ['{{user-name}}'.repeat(501), /: body: it becomes a mail with 1002 placeholders, expected at most 1000/]] as const) {
      const refused = await put(aTemplate({ body }));
      expect([refused.status, descriptionOf(refused.body)]).toEqual([400, expect.stringMatching(expected)]);
    }
  });

  it('are of a hundred locales at most, restored ones among them', async () => {
    const [type, versions] = [`${address}/${idOf('Many')}`, '/api/rekey/v1/mail-templates/Many/sv_SE/versions'];
    await services.post(address, { displayName: 'Many', templates: [aTemplate({ id: 'sv_SE' })] });
    await services.ask('DELETE', `${type}/templates/sv_SE`);
    await services.databases[1].query(`INSERT INTO mail_template (tenant_domain, type, locale, version, source, compiled) SELECT tenant_domain, type, 'en_' || n, 1, source, compiled FROM mail_template, generate_series(100, 199) AS n WHERE type = 'many' AND version = 1`);
    for (const refused of [await services.post(`${versions}/1/restore`, {}), await services.post(`${type}/templates`, aTemplate({ id: 'fi_FI' }))]) expect([refused.status, descriptionOf(refused.body)]).toEqual([400, expect.stringContaining('at most 100 locales')]);
    await services.ask('DELETE', `${type}/templates/en_100`);
    expect((await services.post(`${versions}/1/restore`, {})).status).toBe(204);
  });

  it('are added once, however many ask at once, and every version of one is kept', async () => {
    const type = `${address}/${idOf('Raced')}`;
    const types = await Promise.all(Array.from({ length: 8 }, () => services.post(address, { displayName: 'Raced', templates: [] })));
    expect(types.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409, 409, 409]);
    const added = await Promise.all(Array.from({ length: 8 }, () => services.post(`${type}/templates`, aTemplate())));
    expect(added.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409, 409, 409]);
    const replaced = await Promise.all(Array.from({ length: 8 }, (_, n) => put(aTemplate({ subject: `words ${n}` }), `${type}/templates/en_US`)));
    expect(replaced.map(({ status }) => status)).toEqual(replaced.map(() => 200));
    const versions = await services.databases[1].query<{ version: number }>(`SELECT version FROM mail_template WHERE type = 'raced' ORDER BY version`);
    expect(versions.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('are kept, every version of one, with who made it and when, and any of them counts again', async () => {
    const versions = '/api/rekey/v1/mail-templates/AccountLock/en_US/versions';
    const at = `${address}/${idOf('AccountLock')}/templates/en_US`;
    expect((await services.ask('GET', versions)).body).toEqual({ versions: [] });
    for (const subject of ['one', 'two']) await put(aTemplate({ subject }), at);
    await services.ask('DELETE', at);
    const savedBy = 'admin@carbon.super';
    expect((await services.ask('GET', versions)).body).toEqual({ versions: [[3, null, true], [2, 'two', false], [1, 'one', false]].map(([version, subject, current]) => ({ version, subject, current, savedBy, savedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) })) });
    expect((await services.ask('GET', `${versions}/1`)).body).toMatchObject({ version: 1, savedBy, template: aTemplate({ subject: 'one' }) });
    expect((await services.post(`${versions}/1/restore`, {})).status).toBe(204);
    expect((await services.ask('GET', at)).body).toMatchObject({ subject: 'one' });
    expect((await services.post(`${versions}/3/restore`, {})).status).toBe(204);
    expect((await services.ask('GET', at)).body).toMatchObject({ subject: 'Your account has been locked' });
    expect((await services.ask('GET', versions)).body).toMatchObject({ versions: [{ version: 5, current: true }, { version: 4 }, { version: 3 }, { version: 2 }, { version: 1 }] });
    for (const [path, code] of [[`${versions}/6`, 'RKY-10004'], [`${versions}/x`, 'RKY-10004'], ['/api/rekey/v1/mail-templates/Nothing/en_US/versions', 'ETM-50002'], ['/api/rekey/v1/mail-templates/AccountLock/fi_FI/versions', 'ETM-50003'], [`${acme}${versions}/1`, 'RKY-10004']] as const) {
      const { status, body } = await services.ask('GET', path);
      expect([path, status, codeOf(body)]).toEqual([path, 404, code]);
    }
    expect((await services.post(`${versions}/6/restore`, {})).status).toBe(404);
  });

  it('can be tried in one’s own mailbox, with nobody’s data and no key, and not without bound', async () => {
    const [test, as] = ['/api/rekey/v1/mail-templates/test-send', 'designer:a phrase that nobody else knows'];
    await services.aUser('designer', { password: 'a phrase that nobody else knows' });
    const { Resources } = (await services.ask('GET', '/scim2/Users?filter=userName+eq+designer')).body as { readonly Resources: readonly { readonly id: string }[] };
    await services.ask('PUT', `/api/rekey/v1/users/${Resources[0]?.id}/roles`, { roles: ['administrator'] });

    const { status, body } = await services.ask('POST', test, { ...aTemplate({ subject: 'For {{user-name}}', body: '<p>{{reset-link}} {{reference}}</p>' }), to: undefined }, as);
    expect([status, body]).toEqual([202, { reference: expect.stringMatching(/^[0-9A-Z]{5}-[0-9A-Z]{5}$/) }]);
    const [mail] = await services.mailsTo('designer', 1);
    expect(mail?.parsed.subject).toBe('[Test] For kim');
    expect(mail?.parsed.text).toContain(`#key=c2FtcGxlLWtleS1vZi1hLXByZXZpZXctb25seQ ${(body as { readonly reference: string }).reference}`);
    expect((await services.databases[1].query(`SELECT event_type, state FROM inbox WHERE event_type = 'MailTemplateTest'`))).toEqual([{ event_type: 'MailTemplateTest', state: 'SENT' }]);

    for (const [more, expected] of [[{ body: '{{nobody}}' }, 400], [{ to: 'eve@evil.test' }, 400]] as const) expect((await services.ask('POST', test, aTemplate(more), as)).status).toBe(expected);
    const nobody = await services.post(test, aTemplate());
    expect([nobody.status, codeOf(nobody.body)]).toEqual([400, '18018']);
    await services.databases[0].query(`UPDATE request_count SET spent = 1000 WHERE subject LIKE 'template test of %'`);
    const toomany = await services.ask('POST', test, aTemplate(), as);
    expect([toomany.status, codeOf(toomany.body), Number(toomany.headers.get('retry-after'))]).toEqual([429, 'RKY-10011', expect.any(Number)]);
  });

  it('of two tenants are apart: the administrator of one reads and changes none of the other’s, nor its settings, and each change is audited (S34, S41)', async () => {
    const owner = (username: string) => ({ username, password: 'a phrase that nobody else knows', email: `${username}@example.com`, firstname: 'Robin', lastname: 'Okafor', provisioningMethod: 'inline-password' });
    for (const domain of ['north.example', 'south.example']) expect((await services.post('/api/server/v1/tenants', { domain, owners: [owner('boss')] })).status).toBe(201);
    const [north, south] = ['boss@north.example', 'boss@south.example'].map((name) => `${name}:a phrase that nobody else knows`);
    const connector = '/api/server/v1/identity-governance/QWNjb3VudCBNYW5hZ2VtZW50/connectors/YWNjb3VudC1yZWNvdmVyeQ';
    const update = { operation: 'UPDATE', properties: [{ name: 'Recovery.ExpiryTime', value: '7' }] };
    const template = `${passwordReset}/templates/en_US`;
    const acts = [
      ['GET', address], ['GET', passwordReset], ['PUT', template, aTemplate()], ['DELETE', template], ['POST', address, { displayName: 'Spy', templates: [] }],
      ['GET', connector], ['PATCH', connector, update],
    ] as const;
    for (const [method, at, body] of acts) expect([method, at, (await services.ask(method, `/t/south.example${at}`, body, north)).status]).toEqual([method, at, 403]);

    expect((await services.ask('PUT', template, aTemplate({ subject: 'Words of the north' }), north)).status).toBe(200);
    expect((await services.ask('PATCH', connector, update, north)).status).toBe(200);
    expect((await services.ask('POST', address, { displayName: 'Northern', templates: [] }, north)).status).toBe(201);
    expect((await services.ask('GET', template, undefined, south)).body).toMatchObject({ subject: 'Reset your password' });
    expect((await services.ask('GET', `${address}/${idOf('Northern')}`, undefined, south)).status).toBe(404);
    expect(JSON.stringify((await services.ask('GET', connector, undefined, south)).body)).not.toContain('"value":"7"');

    const records = () => services.databases[0].query(`SELECT operation, tenant_domain AS tenant, actor FROM audit_record WHERE tenant_domain IN ('north.example', 'south.example') AND operation IN ('changeMailTemplate', 'updateConnector') ORDER BY id`);
    await until(async () => (await records()).length >= 3);
    const act = { tenant: 'north.example', actor: 'boss@north.example' };
    expect(await records()).toEqual([{ ...act, operation: 'changeMailTemplate' }, { ...act, operation: 'updateConnector' }, { ...act, operation: 'changeMailTemplate' }]);
  });

  it('are for administrators: others get 401 or 403', async () => {
    await services.aUser('curious', { password: 'a phrase that nobody else knows' });
    for (const [method, at, body] of [['GET', address], ['GET', passwordReset], ['PUT', `${passwordReset}/templates/en_US`, aTemplate()], ['DELETE', passwordReset], ['POST', address, { displayName: 'x', templates: [] }], ['POST', '/api/rekey/v1/mail-templates/test-send', aTemplate()], ['POST', '/api/rekey/v1/mail-templates/AccountLock/en_US/versions/1/restore', {}], ['GET', '/api/rekey/v1/mail-templates/AccountLock/en_US/versions']] as const) {
      expect((await services.ask(method, at, body, 'curious:a phrase that nobody else knows')).status).toBe(403);
      // Nobody, since wrong passwords would lock a somebody on the way.
      expect((await services.ask(method, at, body, 'nobody:not the password')).status).toBe(401);
    }
  });
});

describe('the brand of a tenant’s mails', () => {
  const at = '/api/rekey/v1/mail-brand';
  const plain = { colors: { primary: '#2450a8', background: '#f3f5f8', text: '#1c2430', buttonText: '#ffffff' } };
  const brand = { name: 'Acme & Söhne', logo: { url: 'https://www.example.com/logo.png?a=1&b=2', alt: 'The anvil' }, colors: { primary: '#0b5d3b', background: '#eef7f2' }, support: 'help@example.com', footer: 'Acme Ltd, 1 Main Street' };

  it('is in every mail from the next one on, in its templates’ placeholders too, and in no other tenant’s', async () => {
    expect((await services.ask('GET', at)).body).toEqual(plain);
    const set = await services.ask('PUT', at, brand);
    const whole = { ...brand, colors: { ...plain.colors, ...brand.colors } };
    expect([set.status, set.body, (await services.ask('GET', at)).body]).toEqual([200, whole, whole]);
    await until(async () => (await mailTo(`branded-${Date.now()}`)).parsed.text?.includes('Acme & Söhne') === true);
    const { parsed } = await mailTo('branded');
    for (const word of ['<img src="https://www.example.com/logo.png?a=1&amp;b=2" alt="The anvil"', 'background:#0b5d3b', 'background-color:#eef7f2', '<bdi>help@example.com</bdi>', 'Acme Ltd, 1 Main Street']) expect(parsed.html).toContain(word);
    expect(parsed.text).toMatch(/Acme & Söhne\nQuestions\? Contact help@example\.com [^\n]+\nReference: [0-9A-Z]{5}-[0-9A-Z]{5}\nAcme Ltd, 1 Main Street/);
    const preview = await services.post('/api/rekey/v1/mail-templates/preview', aTemplate({ body: '<p style="color: {{organization.color.primary}}">{{organization-name}}</p>' }));
    expect(preview.body).toMatchObject({ html: expect.stringContaining('<p style="color: #0b5d3b">Acme &amp; Söhne</p>') });
    expect((await services.ask('GET', acme + at)).body).toEqual(plain);

    expect((await services.ask('DELETE', at)).status).toBe(204);
    expect((await services.ask('GET', at)).body).toEqual(plain);
    const acts = async () => services.databases[0].query(`SELECT actor FROM audit_record WHERE operation = 'changeMailBrand'`);
    await until(async () => (await acts()).length === 2);
  });

  it('can be looked at before it is set, with the contrasts that people read it by', async () => {
    const { status, body } = await services.post(`${at}/preview`, brand);
    expect([status, body]).toEqual([200, { subject: 'Reset your password', html: expect.stringContaining('background:#0b5d3b'), text: expect.stringContaining('Acme Ltd, 1 Main Street'), previewId: expect.any(String), contrasts: { buttonText: expect.closeTo(7.91, 1), text: expect.closeTo(15.6, 1) } }]);
    expect((await services.ask('GET', at)).body).toEqual(plain);
    const unreadable = await services.post(`${at}/preview`, { colors: { primary: '#ffcc00' } });
    expect([unreadable.status, descriptionOf(unreadable.body)]).toEqual([400, expect.stringContaining('1.51:1')]);
  });

  it.each<[string, object, RegExp]>([
    ['a button that nobody can read', { colors: { primary: '#ffcc00' } }, /colors\.buttonText: #ffffff on #ffcc00, the colour of the button, has a contrast of 1\.51:1, expected at least 4\.5:1/],
    ['words that nobody can read', { colors: { text: '#999999' } }, /colors\.text: #999999 on #ffffff, the colour of the mail, has a contrast of 2\.84:1/],
    ['a colour that is none', { colors: { primary: 'red;background:url(//evil.test)' } }, /colors\.primary: expected a colour/],
    ['a logo in the clear', { logo: { url: 'http://example.com/logo.png', alt: 'x' } }, /logo\.url: expected an https address/],
    ['a logo that is a script', { logo: { url: 'javascript:alert(1)', alt: 'x' } }, /logo\.url/],
    ['a logo that leaves its quotes', { logo: { url: 'https://example.com/"onerror="x', alt: 'x' } }, /logo\.url/],
    ['a name of two lines', { name: 'Acme\r\nBcc: eve@evil.test' }, /name: must be one line/],
    ['a support address that is none', { support: 'call us' }, /support/],
    ['what is not known', { slogan: 'x' }, /Unrecognized key/],
  ])('is refused with %s', async (_what, more, expected) => {
    const { status, body } = await services.ask('PUT', at, more);
    expect([status, descriptionOf(body)]).toEqual([400, expect.stringMatching(expected)]);
  });

  it('is for administrators', async () => {
    await services.aUser('passer-by', { password: 'a phrase that nobody else knows' });
    for (const [method, body] of [['GET'], ['PUT', brand], ['DELETE']] as const) expect((await services.ask(method, at, body, 'passer-by:a phrase that nobody else knows')).status).toBe(403);
  });
});
