import { once } from 'node:events';
import { connect } from 'node:net';
import { createTransport } from 'nodemailer';
import SMTPConnection from 'nodemailer/lib/smtp-connection/index.js';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localCertificate } from '@rekey/local-stack';
import { anSmtpSink, until, type SmtpBehaviour, type SmtpSink, type SmtpSinkOptions, type SmtpStage } from '../index.ts';

const kim = 'kim@example.com';
const letter = { from: 'rekey@example.com', to: kim, messageId: '<event-1@example.com>', subject: 'Hello', text: '.a line that begins with a dot\n..and two\n.\nend' };

describe('the SMTP sink', () => {
  let sink: SmtpSink;
  afterEach(() => sink.close());
  const open = async (options: SmtpSinkOptions = {}) => (sink = await anSmtpSink(options));
  const send = (more: object = {}) => createTransport({ host: sink.host, port: sink.port, ...more }).sendMail(letter);
  /** For who is never answered: the others may wait as long as it takes. */
  const impatient = { greetingTimeout: 500, socketTimeout: 500 };

  it('remembers envelope, Message-ID and the bytes as they were composed', async () => {
    await open();
    await send();
    const [mail] = await sink.waitForMails(1);
    expect(mail?.envelope).toEqual({ from: 'rekey@example.com', to: [kim] });
    expect(mail?.messageId).toBe('<event-1@example.com>');
    expect(mail?.raw.toString()).toContain('\r\n\r\n.a line that begins with a dot\r\n..and two\r\n.\r\nend');
    expect(mail?.sizeBytes).toBe(mail?.raw.length);
  });

  const temporary: SmtpBehaviour = { kind: 'reply', code: 451, text: '4.3.0 try later' };
  it.each<SmtpStage>(['connect', 'EHLO', 'MAIL', 'RCPT', 'DATA', 'dot'])('refuses at %s with the code it was told, as often as it was told', async (stage) => {
    // After a refused EHLO a client tries HELO.
    await open({ rules: [{ stage, behaviour: temporary, times: stage === 'EHLO' ? 2 : 1 }] });
    await expect(send()).rejects.toThrow(/451/);
    await send();
    expect(sink.mails).toHaveLength(1);
  });

  it.each<[SmtpStage, SmtpBehaviour['kind']]>([
    ['connect', 'hang'], ['EHLO', 'hang'], ['MAIL', 'hang'], ['RCPT', 'hang'], ['DATA', 'hang'], ['dot', 'hang'],
    ['connect', 'disconnect'], ['EHLO', 'disconnect'], ['MAIL', 'disconnect'], ['RCPT', 'disconnect'], ['DATA', 'disconnect'], ['dot', 'disconnect'],
  ])('at %s: %s', async (stage, kind) => {
    await open({ rules: [{ stage, behaviour: kind === 'hang' ? { kind: 'hang' } : { kind: 'disconnect' } }] });
    await expect(send(kind === 'hang' ? impatient : {})).rejects.toThrow(kind === 'hang' ? /timeout|timed out|never received/i : /closed|ECONNRESET|greeting/i);
    expect(sink.mails).toHaveLength(0);
  });

  it('can take a mail and never say so', async () => {
    await open({ rules: [{ stage: 'dot', behaviour: { kind: 'disconnect', taken: true } }] });
    await expect(send()).rejects.toThrow();
    expect(sink.mails).toHaveLength(1);
  });

  it('applies a rule to one recipient only', async () => {
    await open();
    sink.script('RCPT', { kind: 'reply', code: 550, text: '5.1.1 nobody here' }, { where: kim });
    await expect(send()).rejects.toThrow(/550/);
    sink.clearScript();
    await send();
    expect(sink.mails).toHaveLength(1);
  });

  it('goes down and comes back on the same port', async () => {
    await open();
    const { port } = sink;
    await sink.pause();
    await expect(send()).rejects.toThrow(/ECONNREFUSED/);
    await sink.resume();
    expect(sink.port).toBe(port);
    await send();
    expect(sink.mails).toHaveLength(1);
  });

  it('waits before it answers, as long as it was told', async () => {
    await open({ delayMs: { dot: 120 } });
    const before = performance.now();
    await send();
    expect(performance.now() - before).toBeGreaterThanOrEqual(115);
  });

  it('says how many mails came when there were too few', async () => {
    await open();
    await send();
    await expect(sink.waitForMails(2, 20)).rejects.toThrow('1 of 2 mails came within 20 ms');
  });

  it('offers STARTTLS, and asks for a password, where told', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rekey-sink-'));
    const tls = await localCertificate(folder, 'localhost');
    await rm(folder, { recursive: true });
    await open({ tls, credentials: { username: 'rekey', password: 'relay secret' }, keepDialogue: true });
    const secure = { requireTLS: true, tls: { ca: tls.cert, servername: 'localhost' } };
    await expect(send(secure)).rejects.toThrow(/530/);
    await expect(send({ ...secure, auth: { user: 'rekey', pass: 'wrong' } })).rejects.toThrow(/535/);
    for (const authMethod of ['PLAIN', 'LOGIN']) await send({ ...secure, authMethod, auth: { user: 'rekey', pass: 'relay secret' } });
    expect(sink.mails).toHaveLength(2);
    expect(sink.dialogue).toContain('C: STARTTLS');
  });

  it('answers pipelined commands in order, and a mail that comes in single bytes', async () => {
    await open();
    const socket = connect(sink.port, sink.host).setNoDelay(true);
    let heard = '';
    socket.on('data', (chunk: Buffer) => (heard += chunk.toString()));
    socket.write('EHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n');
    for (const byte of 'Message-ID: <x@y>\r\n\r\n..one\r\n.\r\nQUIT\r\n') socket.write(byte);
    await once(socket, 'close');
    expect(heard.match(/^\d{3} /gm)).toEqual(['220 ', '250 ', '250 ', '250 ', '250 ', '354 ', '250 ', '221 ']);
    expect(sink.mails[0]).toMatchObject({ envelope: { from: '', to: ['a@b', 'c@d'] }, messageId: '<x@y>' });
    expect(sink.mails[0]?.raw.toString()).toBe('Message-ID: <x@y>\r\n\r\n.one\r\n');
  });

  it('takes thousands of mails a second', async () => {
    await open({ keepRaw: false });
    const bytes = Buffer.from(`Message-ID: <a@b>\r\n\r\n${'x'.repeat(78).concat('\r\n').repeat(115)}`);
    const perConnection = 300;
    const perSecond = async () => {
      const before = performance.now();
      await Promise.all(
        Array.from({ length: 5 }, async () => {
          const connection = new SMTPConnection({ host: sink.host, port: sink.port, ignoreTLS: true });
          await new Promise<void>((resolve, reject) => connection.once('error', reject).connect(() => resolve()));
          for (let sent = 0; sent < perConnection; sent++) {
            await new Promise<void>((resolve, reject) => connection.send({ from: 'a@b', to: [kim] }, bytes, (error) => (error ? reject(error) : resolve())));
          }
          connection.close();
        }),
      );
      return (5 * perConnection) / ((performance.now() - before) / 1000);
    };
    // A machine that stands still does so for a while: then the next round counts.
    const reached = await until(perSecond, (mails) => mails > 1_000);
    expect(sink.mails.length % (5 * perConnection)).toBe(0);
    if (process.env['REKEY_FIGURES']) console.info(`${Math.round(reached)} mails/s`);
  });
});
