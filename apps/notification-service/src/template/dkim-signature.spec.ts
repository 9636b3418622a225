import { createHash, createPublicKey, createVerify, generateKeyPairSync } from 'node:crypto';
import { mailBrand } from '@rekey/events';
import { DkimSignature } from './dkim-signature.ts';
import { MailComposer, shippedTemplates } from './mail-composer.ts';
import { sampleRequest } from './sample-request.ts';
import { TemplateLibrary } from './template-library.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048, privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } });
const signature = new DkimSignature({ domain: 'example.com', selector: 'rekey2026', privateKey });

describe('a DKIM signature', () => {
  let signed: Buffer;
  let plain: Buffer;
  beforeAll(async () => {
    const library = await TemplateLibrary.load(shippedTemplates, 'en_US');
    const composedWith = async (by: DkimSignature | null) => (await new MailComposer(library, async () => new Map(), async () => mailBrand.parse({}), { from: { name: 'Bücher & Söhne', address: 'help@example.com' }, messageIdDomain: 'example.com', baseUrl: 'https://id.example.com', signature: by }).compose({ ...sampleRequest('carbon.super', 'en_US'), templateType: 'passwordreset' })).raw;
    [signed, plain] = [await composedWith(signature), await composedWith(null)];
    expect(await composedWith(signature)).toEqual(signed);
  });

  it('stands above the mail, which is left as it is, and is the same on every copy', () => {
    expect(signed.subarray(-plain.length)).toEqual(plain);
    expect(signed.toString('latin1')).toMatch(/^DKIM-Signature: v=1; a=rsa-sha256; c=relaxed\/relaxed;\s+d=example\.com;/);
  });

  it('tells no time: copies are sent at different ones', () => {
    const { tags } = verdictOn(signed);
    expect([tags.has('t'), tags.has('x'), tags.get('s')]).toEqual([false, false, 'rekey2026']);
  });

  it('is valid, and covers who it is from and to, what it is about, and the whole body (RFC 6376)', () => {
    const { isValid, tags } = verdictOn(signed);
    expect(isValid).toBe(true);
    expect(tags.get('h')?.split(':')).toEqual(expect.arrayContaining(['from', 'to', 'subject', 'date', 'message-id', 'content-type', 'mime-version']));
    expect(tags.has('l')).toBe(false);
  });

  it.each<[string, (mail: string) => string]>([
    ['another sender', (mail) => mail.replace(/^From: /m, 'From: Eve ')],
    ['another subject', (mail) => mail.replace(/^Subject: .*$/m, 'Subject: You have won')],
    ['another word in its body', (mail) => mail.replace(/\r\n\r\nHello|Hello Kim/, '\r\n\r\nGoodbye')],
    ['more at its end', (mail) => `${mail}more\r\n`],
  ])('is not valid of a mail with %s', (_what, change) => {
    const changed = change(signed.toString('latin1'));
    expect(changed).not.toBe(signed.toString('latin1'));
    expect(verdictOn(Buffer.from(changed, 'latin1')).isValid).toBe(false);
  });

  it('takes each mail as it is: empty lines at the end, dots, tabs', async () => {
    for (const body of ['', '\r\n\r\n', '.\r\n..\r\n', 'a \t b\t\r\n\r\n\r\n', 'no line break']) {
      const mail = await signature.sign(Buffer.from(`From: a@example.com\r\nSubject:  two\r\n\tlines \r\n\r\n${body}`));
      expect([body, verdictOn(mail).isValid]).toEqual([body, true]);
    }
  });

  it('is no mail without one where the key does not sign', async () => {
    await expect(new DkimSignature({ domain: 'example.com', selector: 's', privateKey: 'no key' }).sign(Buffer.from('From: a@example.com\r\n\r\n'))).rejects.toThrow('could not be signed');
  });
});

/** RFC 6376 section 6.1.3, written from the text: relaxed canonicalization of both. */
function verdictOn(mail: Buffer): { readonly isValid: boolean; readonly tags: ReadonlyMap<string, string> } {
  const text = mail.toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  const headers = text.slice(0, end).split(/\r\n(?![ \t])/);
  const [own = ''] = headers;
  const tags = new Map(own.slice(own.indexOf(':') + 1).split(';').map((tag) => [tag.slice(0, tag.indexOf('=')).trim(), tag.slice(tag.indexOf('=') + 1).replace(/\s/g, '')]));
  const relaxed = (header: string): string => `${header.slice(0, header.indexOf(':')).trim().toLowerCase()}:${header.slice(header.indexOf(':') + 1).replace(/\r\n/g, '').replace(/[ \t]+/g, ' ').trim()}`;

  const lines = text.slice(end + 4).split('\r\n').map((line) => line.replace(/[ \t]+/g, ' ').replace(/ $/, ''));
  while (lines.at(-1) === '') lines.pop();
  const body = lines.map((line) => `${line}\r\n`).join('');
  const isBodyRight = createHash('sha256').update(body, 'latin1').digest('base64') === tags.get('bh');

  const unused = headers.slice(1);
  const covered = (tags.get('h') ?? '').split(':').flatMap((name) => {
    const index = unused.findLastIndex((header) => header.toLowerCase().startsWith(`${name.toLowerCase()}:`));
    return index === -1 ? [] : unused.splice(index, 1);
  });
  const hashed = [...covered.map(relaxed), relaxed(own.replace(/(;\s*b=)[^;]*/, '$1'))].join('\r\n');
  const isSigned = createVerify('RSA-SHA256').update(hashed, 'latin1').verify(createPublicKey(publicKey), tags.get('b') ?? '', 'base64');
  return { isValid: isBodyRight && isSigned, tags };
}
