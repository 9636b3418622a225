import { createHash, createPublicKey, generateKeyPairSync, verify, type KeyObject } from 'node:crypto';
import { mailBrand } from '@rekey/events';
import { MailComposer, shippedTemplates } from '../template/mail-composer.ts';
import { sampleRequest } from '../template/sample-request.ts';
import { TemplateLibrary } from '../template/template-library.ts';
import { DkimSignature } from './dkim-signature.ts';

const [rsa, ed25519] = [generateKeyPairSync('rsa', { modulusLength: 2_048 }), generateKeyPairSync('ed25519')];
const pemOf = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();
/** As the DNS has them, by selector. */
const published: Readonly<Record<string, KeyObject>> = { rekey2026: rsa.publicKey, rekey2026e: ed25519.publicKey };
const signature = new DkimSignature({ domain: 'example.com', keys: [{ algorithm: 'rsa-sha256', selector: 'rekey2026', privateKey: pemOf(rsa.privateKey) }, { algorithm: 'ed25519-sha256', selector: 'rekey2026e', privateKey: pemOf(ed25519.privateKey) }] });

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
    expect(verdictsOn(signed).map(({ tags }) => [tags.has('t'), tags.has('x'), tags.get('a'), tags.get('s')])).toEqual([[false, false, 'rsa-sha256', 'rekey2026'], [false, false, 'ed25519-sha256', 'rekey2026e']]);
  });

  it('is valid, and covers who it is from and to, what it is about, and the whole body (RFC 6376)', () => {
    for (const { isValid, tags } of verdictsOn(signed)) {
      expect(isValid).toBe(true);
      expect(tags.get('h')?.split(':')).toEqual(expect.arrayContaining(['from', 'to', 'subject', 'date', 'message-id', 'content-type', 'mime-version']));
      expect(tags.has('l')).toBe(false);
    }
  });

  it('keeps its lines short', () => {
    for (const line of signed.subarray(0, -plain.length).toString('latin1').split('\r\n')) expect(line.length).toBeLessThanOrEqual(78);
  });

  it.each<[string, (mail: string) => string]>([
    ['another sender', (mail) => mail.replace(/^From: /m, 'From: Eve ')],
    ['another subject', (mail) => mail.replace(/^Subject: .*$/m, 'Subject: You have won')],
    ['another word in its body', (mail) => mail.replace(/\r\n\r\nHello|Hello Kim/, '\r\n\r\nGoodbye')],
    ['more at its end', (mail) => `${mail}more\r\n`],
    ['a second sender above', (mail) => mail.replace(/^From: /m, 'From: Eve <eve@evil.test>\r\nFrom: ')],
    ['a second sender below', (mail) => mail.replace(/\r\n\r\n/, '\r\nFrom: Eve <eve@evil.test>\r\n\r\n')],
  ])('is not valid of a mail with %s', (_what, change) => {
    const changed = change(signed.toString('latin1'));
    expect(changed).not.toBe(signed.toString('latin1'));
    expect(verdictsOn(Buffer.from(changed, 'latin1')).map(({ isValid }) => isValid)).toEqual([false, false]);
  });

  it('takes each mail as it is: empty lines at the end, dots, tabs', () => {
    for (const body of ['', '\r\n\r\n', '.\r\n..\r\n', 'a \t b\t\r\n\r\n\r\n', 'no line break']) {
      const mail = signature.sign(Buffer.from(`From: a@example.com\r\nSubject:  two\r\n\tlines \r\n\r\n${body}`));
      expect([body, ...verdictsOn(mail).map(({ isValid }) => isValid)]).toEqual([body, true, true]);
    }
  });

  it('is judged here as RFC 8463 has it: the mail of its appendix A is valid, and is no longer once it is changed', () => {
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }, format: 'jwk' });
    const judged = (mail: string) => verdictsOn(Buffer.from(mail), { brisbane: key }).map(({ isValid }) => isValid);
    expect([judged(mailOfRfc8463), judged(mailOfRfc8463.replace('hungry', 'thirsty'))]).toEqual([[true], [false]]);
  });
});

const mailOfRfc8463 = [
  'DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;',
  ' d=football.example.com; i=@football.example.com;',
  ' q=dns/txt; s=brisbane; t=1528637909; h=from : to :',
  ' subject : date : message-id : from : subject : date;',
  ' bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;',
  ' b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus',
  ' Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==',
  'From: Joe SixPack <joe@football.example.com>',
  'To: Suzie Q <suzie@shopping.example.net>',
  'Subject: Is dinner ready?',
  'Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)',
  'Message-ID: <20030712040037.46341.5F8J@football.example.com>',
  '',
  'Hi.',
  '',
  'We lost the game.  Are you hungry yet?',
  '',
  'Joe.',
  '',
].join('\r\n');

interface Verdict {
  readonly isValid: boolean;
  readonly tags: ReadonlyMap<string, string>;
}

/** Of each signature, from the top. */
function verdictsOn(mail: Buffer, keys = published): readonly Verdict[] {
  const text = mail.toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  const headers = text.slice(0, end).split(/\r\n(?![ \t])/);
  return headers.filter((header) => header.startsWith('DKIM-Signature:')).map((own) => verdictOn(own, headers.filter((header) => header !== own), text.slice(end + 4), keys));
}

/** RFC 6376 section 6.1.3 and RFC 8463 section 3, written from the text: relaxed canonicalization of both. */
function verdictOn(own: string, others: readonly string[], content: string, keys: Readonly<Record<string, KeyObject>>): Verdict {
  const tags = new Map(own.slice(own.indexOf(':') + 1).split(';').map((tag) => [tag.slice(0, tag.indexOf('=')).trim(), tag.slice(tag.indexOf('=') + 1).replace(/\s/g, '')]));
  const relaxed = (header: string): string => `${header.slice(0, header.indexOf(':')).trim().toLowerCase()}:${header.slice(header.indexOf(':') + 1).replace(/\r\n/g, '').replace(/[ \t]+/g, ' ').trim()}`;

  const lines = content.split('\r\n').map((line) => line.replace(/[ \t]+/g, ' ').replace(/ $/, ''));
  while (lines.at(-1) === '') lines.pop();
  const body = lines.map((line) => `${line}\r\n`).join('');
  const isBodyRight = createHash('sha256').update(body, 'latin1').digest('base64') === tags.get('bh');

  const unused = [...others];
  const covered = (tags.get('h') ?? '').split(':').flatMap((name) => {
    const index = unused.findLastIndex((header) => header.toLowerCase().startsWith(`${name.toLowerCase()}:`));
    return index === -1 ? [] : unused.splice(index, 1);
  });
  const hashed = [...covered.map(relaxed), relaxed(own.replace(/(;\s*b=)[^;]*/, '$1'))].join('\r\n');
  const [data, signatureBytes, key] = [Buffer.from(hashed, 'latin1'), Buffer.from(tags.get('b') ?? '', 'base64'), keys[tags.get('s') ?? '']];
  if (!key) return { isValid: false, tags };
  const isSigned = tags.get('a') === 'ed25519-sha256' ? verify(null, createHash('sha256').update(data).digest(), key, signatureBytes) : verify('sha256', data, key, signatureBytes);
  return { isValid: isBodyRight && isSigned, tags };
}
