import { execFile } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { localCertificate } from '@rekey/local-stack';
import { createLogger } from '@rekey/observability';
import { byASteadyClock } from '@rekey/test-kit/steady-clock';
import { aMail } from '../testing/mails.ts';
import type { Answers } from '../testing/raw-relay.ts';
import { credentials, impatient, RelaysUnderTest, verbsOf, wanted } from '../testing/relay-under-test.ts';

describe('a relay', () => {
  byASteadyClock();
  const relays = new RelaysUnderTest();
  afterEach(() => relays.close());

  describe('over TLS (F31)', () => {
    let certificate: { key: string; cert: string };
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'rekey-relay-'));
      certificate = await localCertificate(folder, 'localhost');
      await writeFile(path.join(folder, 'authority.pem'), certificate.cert);
    });
    afterAll(() => rm(folder, { recursive: true }));
    const trusting = () => ({ certificateAuthorities: [certificate.cert] });

    it.each(['127.0.0.1', 'localhost'])('secures the connection to %s before it says anything of the mail', async (host) => {
      const sink = await relays.aSink({ tls: certificate });
      expect(await relays.aRelay({ host, port: sink.port }, { tls: 'starttls' }, trusting()).send(aMail(), wanted)).toMatchObject({ kind: 'sent' });
      expect(verbsOf(sink).slice(0, 4)).toEqual(['EHLO', 'STARTTLS', 'EHLO', 'MAIL']);
    });

    it('signs in after STARTTLS, not before', async () => {
      const sink = await relays.aSink({ tls: certificate, credentials });
      expect(await relays.aRelay(sink, { tls: 'starttls', credentials }, trusting()).send(aMail(), wanted)).toMatchObject({ kind: 'sent' });
      expect(verbsOf(sink).slice(0, 5)).toEqual(['EHLO', 'STARTTLS', 'EHLO', 'AUTH', 'MAIL']);
    });

    it('keeps the secured connection from mail to mail', async () => {
      const sink = await relays.aSink({ tls: certificate, credentials });
      const relay = relays.aRelay(sink, { tls: 'starttls', credentials }, trusting());
      for (let sent = 0; sent < 5; sent++) await relay.send(aMail(), wanted);
      expect([sink.mails.length, sink.connectionCount]).toEqual([5, 1]);
    });

    const secretVerbs = ['AUTH', 'MAIL', 'RCPT', 'DATA'];
    it('sends nothing in the clear where STARTTLS is required and not offered', async () => {
      const sink = await relays.aSink({ credentials });
      expect(await relays.aRelay(sink, { tls: 'starttls', credentials }).send(aMail(), wanted)).toMatchObject({ kind: 'relay-refused', stage: 'starttls' });
      expect(verbsOf(sink).filter((verb) => secretVerbs.includes(verb))).toEqual([]);
    });

    it('nor where EHLO is refused, though HELO would be answered', async () => {
      const raw = await relays.aRawRelay({ EHLO: '502 5.5.1 unknown\r\n' });
      expect(await relays.aRelay(raw, { tls: 'starttls' }).send(aMail(), wanted)).toMatchObject({ kind: 'relay-refused', stage: 'ehlo' });
      expect(raw.heard.filter((line) => !line.startsWith('EHLO'))).toEqual([]);
    });

    it('nor where the certificate is signed by nobody trusted', async () => {
      const sink = await relays.aSink({ tls: certificate, credentials });
      expect(await relays.aRelay(sink, { tls: 'starttls', credentials }).send(aMail(), wanted)).toMatchObject({ kind: 'relay-refused', stage: 'starttls', reply: expect.stringMatching(/self.signed/) });
      expect(verbsOf(sink)).toEqual(['EHLO', 'STARTTLS']);
    });

    it('nor where the certificate is another host’s', async () => {
      const others = await localCertificate(await mkdtemp(path.join(folder, 'other-')), 'localhost');
      const sink = await relays.aSink({ tls: others, credentials });
      // A name that leads to the sink and is not in the certificate.
      const outcome = await relays.aRelay({ host: '127.0.0.2', port: sink.port }, { tls: 'starttls', credentials }, { certificateAuthorities: [others.cert] }).send(aMail(), wanted);
      expect(outcome).toMatchObject({ kind: 'relay-refused' });
      expect(verbsOf(sink).filter((verb) => secretVerbs.includes(verb))).toEqual([]);
    });

    it('nor what was slipped in before the handshake (CVE-2011-0411)', async () => {
      const raw = await relays.aRawRelay({ STARTTLS: '220 go ahead\r\n250-raw.test\r\n250 AUTH PLAIN\r\n' }, { extensions: ['STARTTLS'] });
      expect(await relays.aRelay(raw, { tls: 'starttls', credentials }, { timeouts: impatient }).send(aMail(), wanted)).toMatchObject({ kind: 'relay-refused', stage: 'starttls' });
      expect(raw.heard.some((line) => /^(AUTH|MAIL)/.test(line))).toBe(false);
    });

    it('does not ask for TLS where it is turned off, offered or not', async () => {
      const sink = await relays.aSink({ tls: certificate });
      expect(await relays.aRelay(sink).send(aMail(), wanted)).toMatchObject({ kind: 'sent' });
      expect(verbsOf(sink)).not.toContain('STARTTLS');
    });

    describe('from another process', () => {
      /** Sends so many mails, each with what `onData` is in the program. @returns what came of them */
      async function outcomesOf(port: number, mails: number, onData: string, env: NodeJS.ProcessEnv = {}): Promise<string[]> {
        const program = `
          import { SmtpRelay } from ${JSON.stringify(new URL('../../dist/smtp/smtp-relay.js', import.meta.url).href)};
          const relay = new SmtpRelay({ name: 'sink', host: 'localhost', port: ${port}, tls: 'starttls', credentials: null }, { connections: 1 });
          const mail = { messageId: '<a@b>', envelope: { from: 'a@example.com', to: 'b@example.com' }, raw: Buffer.from('Subject: x\\r\\n\\r\\n') };
          for (let sent = 0; sent < ${mails}; sent++) process.stdout.write((await relay.send(mail, ${onData})).kind + ' ');
          await relay.close();`;
        const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], { env: { PATH: process.env['PATH'], ...env } });
        return stdout.trim().split(' ');
      }
      const trustingFile = () => ({ NODE_EXTRA_CA_CERTS: path.join(folder, 'authority.pem') });

      it('trusts an authority that NODE_EXTRA_CA_CERTS names', async () => {
        const sink = await relays.aSink({ tls: certificate });
        expect(await outcomesOf(sink.port, 1, 'async () => true', trustingFile())).toEqual(['sent']);
        expect(await outcomesOf(sink.port, 1, 'async () => true')).toEqual(['relay-refused']);
      });

      it('knows that the mail was out when the answer to it comes, however late it hears of either', async () => {
        const sink = await relays.aSink({ tls: certificate });
        const busy = '{ const until = performance.now() + 20; while (performance.now() < until); }';
        const onData = `() => new Promise((resolve) => setImmediate(() => { resolve(true); setImmediate(() => ${busy}); }))`;
        expect(await outcomesOf(sink.port, 10, onData, trustingFile())).toEqual(Array.from({ length: 10 }, () => 'sent'));
      });
    });

    it('speaks TLS from the first byte where it is implicit (RFC 8314)', async () => {
      const heard: string[] = [];
      const server = createServer(certificate, (socket) => {
        socket.on('error', () => undefined);
        socket.on('data', (chunk: Buffer) => {
          heard.push(chunk.toString());
          socket.end('421 4.3.2 that is all\r\n');
        });
        socket.write('220 secure.test ESMTP\r\n');
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      relays.toBeClosed({ close: () => new Promise<void>((resolve) => server.close(() => resolve())) });
      const at = { host: '127.0.0.1', port: (server.address() as AddressInfo).port }; // it listens on TCP
      expect(await relays.aRelay(at, { tls: 'implicit' }, trusting()).send(aMail(), wanted)).toMatchObject({ kind: 'relay-refused', stage: 'ehlo', reply: '421 4.3.2 that is all' });
      expect(heard[0]).toMatch(/^EHLO /);
      expect(await relays.aRelay(at, { tls: 'implicit' }).send(aMail(), wanted)).toMatchObject({ kind: 'relay-refused', stage: 'connect', reply: expect.stringMatching(/self.signed/) });
    });

    describe('that is opportunistic', () => {
      it('secures the connection where the relay offers it', async () => {
        const sink = await relays.aSink({ tls: certificate, credentials });
        expect(await relays.aRelay(sink, { tls: 'opportunistic', credentials }, trusting()).send(aMail(), wanted)).toMatchObject({ kind: 'sent' });
        expect(verbsOf(sink).slice(0, 5)).toEqual(['EHLO', 'STARTTLS', 'EHLO', 'AUTH', 'MAIL']);
      });

      it.each<[string, Answers, readonly string[]]>([
        ['does not offer it', {}, []],
        ['puts it off', { STARTTLS: '454 4.7.0 not now\r\n' }, ['STARTTLS']],
      ])('goes on in the clear where the relay %s', async (_what, answers, extensions) => {
        const raw = await relays.aRawRelay(answers, { extensions: ['PIPELINING', ...extensions] });
        expect(await relays.aRelay(raw, { tls: 'opportunistic' }).send(aMail(), wanted)).toMatchObject({ kind: 'sent' });
      });

      it('takes no certificate that is signed by nobody trusted', async () => {
        const sink = await relays.aSink({ tls: certificate });
        expect(await relays.aRelay(sink, { tls: 'opportunistic' }).send(aMail(), wanted)).toMatchObject({ kind: 'relay-refused', stage: 'starttls' });
        expect(sink.mails).toEqual([]);
      });
    });

    it.each(['opportunistic', 'none'] as const)('is what a password needs, but to this machine: it is not sent in the clear (%s)', async (tls) => {
      // An address that is not known for this machine's.
      const raw = await relays.aRawRelay({}, { host: '127.0.0.2', extensions: ['AUTH PLAIN LOGIN'] });
      expect(await relays.aRelay(raw, { tls, credentials }).send(aMail(), wanted)).toMatchObject({ kind: 'relay-refused', stage: 'auth', reply: expect.stringContaining('in the clear') });
      expect(raw.heard.filter((line) => /^(AUTH|MAIL)/.test(line))).toEqual([]);
    });
  });

  describe('asking for a password', () => {
    const encoded = (text: string): string => Buffer.from(text).toString('base64');
    it.each<[string, string[], string[]]>([
      ['PLAIN', [], [`AUTH PLAIN ${encoded(`\0${credentials.username}\0${credentials.password}`)}`]],
      ['LOGIN', ['VXNlcm5hbWU6', 'UGFzc3dvcmQ6'], ['AUTH LOGIN', encoded(credentials.username), encoded(credentials.password)]],
      // As RFC 2195 has it.
      ['CRAM-MD5', [encoded('<1896.697170952@postoffice.reston.mci.net>')], ['AUTH CRAM-MD5', encoded(`${credentials.username} ${createHmac('md5', credentials.password).update('<1896.697170952@postoffice.reston.mci.net>').digest('hex')}`)]],
    ])('gets it by %s', async (mechanism, challenges, said) => {
      const raw = await relays.aRawRelay({ AUTH: challenges.map((challenge) => `334 ${challenge}\r\n`) }, { extensions: [`AUTH ${mechanism}`] });
      expect(await relays.aRelay(raw, { credentials }).send(aMail(), wanted)).toMatchObject({ kind: 'sent' });
      expect(raw.heard.slice(1, -3)).toEqual(said);
    });

    it('and refusing it, keeps the mail; the password stands in no outcome and no log', async () => {
      const lines: string[] = [];
      const listening = createLogger('test', { level: 'trace', destination: { write: (line: string) => void lines.push(line) } });
      const sink = await relays.aSink({ credentials });
      const wrong = { username: 'rekey', password: 'a wrong secret' };
      const relay = relays.aRelay(sink, { credentials: wrong }, { log: listening });
      const outcome = await relay.send(aMail(), wanted);
      expect(outcome).toMatchObject({ kind: 'relay-refused', stage: 'auth', reply: '535 5.7.8 wrong user name or password' });
      expect(sink.mails).toEqual([]);
      for (const form of secretForms(wrong)) expect(lines.join() + JSON.stringify(outcome)).not.toContain(form);
    });

    it('and quoting it, is not quoted', async () => {
      for (const form of secretForms(credentials)) {
        const raw = await relays.aRawRelay({ AUTH: `500 5.5.2 unknown command: AUTH PLAIN ${form}\r\n` }, { extensions: ['AUTH PLAIN'] });
        const relay = relays.aRelay(raw, { credentials });
        const outcome = await relay.send(aMail(), wanted);
        expect(outcome).toMatchObject({ kind: 'relay-refused', stage: 'auth', reply: expect.stringMatching(/^500 5\.5\.2 unknown command/) });
        for (const secret of secretForms(credentials)) expect(JSON.stringify(outcome)).not.toContain(secret);
      }
    });

    it('is not given it unasked', async () => {
      const sink = await relays.aSink();
      expect(await relays.aRelay(sink, { credentials }).send(aMail(), wanted)).toMatchObject({ kind: 'relay-refused', stage: 'auth', reply: expect.stringContaining('AUTH') });
      expect(verbsOf(sink)).not.toContain('AUTH');
    });
  });

  it('that quotes a link is not quoted with its key', async () => {
    const key = randomBytes(32).toString('base64url');
    for (const quoted of [`https://id.example.com/myaccount/reset#key=${key}`, `<https://id.example.com/reset%23key=${key}>`, `reset#key=3D${key}`]) {
      const raw = await relays.aRawRelay({ dot: `554 5.7.1 link not allowed: ${quoted}\r\n` });
      const outcome = await relays.aRelay(raw).send(aMail(), wanted);
      expect(outcome).toMatchObject({ kind: 'rejected', reply: expect.stringContaining('554 5.7.1 link not allowed') });
      expect(JSON.stringify(outcome)).not.toContain(key);
    }
  });

  it('that quotes the mail is not quoted with any part of its key or code, however the lines are broken', async () => {
    for (const secret of [randomBytes(32).toString('base64url'), 'k4Wq9Z']) {
      const quoted = [`554-5.7.1 see https://id.example.com/reset#key=3D${secret.slice(0, 17)}=`, `554-${secret.slice(17)} or`, `554-${secret.slice(0, 1)}`, `554 confirmation=${secret.slice(1)}; id 7`].join('\r\n');
      const raw = await relays.aRawRelay({ dot: `${quoted}\r\n` });
      const outcome = await relays.aRelay(raw).send({ ...aMail(), secret }, wanted);
      expect(outcome).toMatchObject({ kind: 'rejected', reply: expect.stringContaining('554 confirmation=…; id 7') });
      const told = JSON.stringify(outcome);
      for (let start = 0; start + 4 <= secret.length; start++) expect(told).not.toContain(secret.slice(start, start + 4));
    }
  });
});

function secretForms({ username, password }: { username: string; password: string }): string[] {
  return [password, Buffer.from(password).toString('base64'), Buffer.from(`\0${username}\0${password}`).toString('base64'), Buffer.from(`\0${username}\0${password}`).toString('base64').slice(0, 24)];
}
