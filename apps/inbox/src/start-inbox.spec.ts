import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLogger } from '@rekey/observability';
import nodemailer, { type SendMailOptions } from 'nodemailer';
import { startInbox, type Inbox, type Mail, type MailSummary } from './index.ts';

const log = createLogger('inbox', { level: 'silent' });
const resetLink = 'https://localhost:9443/myaccount/reset#key=abc&callback=x';
const opened: Inbox[] = [];
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'rekey-inbox-'));
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((inbox) => inbox.close()));
  await rm(folder, { recursive: true });
});

describe('catching mails', () => {
  it('takes a mail without credentials or TLS and shows its parts', async () => {
    const inbox = await anInbox();
    await send(inbox, aMail());

    const [summary] = await list(inbox);
    expect(summary).toMatchObject({ from: 'no-reply@example.com', fromName: 'Rekey', to: ['kim@example.com'], subject: 'Zurücksetzen ✓', date: '2026-11-24T12:00:00.000Z' });
    const mail = await read(inbox, summary!.id);
    expect(mail.html).toContain('Choose a new password');
    expect(mail.text?.trim()).toBe(`Open ${resetLink}.`);
    expect(mail.links).toEqual([resetLink, 'https://example.com/help']);
    expect(mail.headers).toContainEqual({ name: 'Auto-Submitted', value: 'auto-generated' });
    const source = await fetch(`${inbox.url}/api/mails/${summary!.id}/source`);
    expect(source.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await source.text()).toMatch(/^From: Rekey <no-reply@example\.com>\r$/m);
  });

  it('takes any credentials', async () => {
    const inbox = await anInbox();
    await send(inbox, aMail(), { user: 'rekey', pass: 'whatever' });
    expect(await list(inbox)).toHaveLength(1);
  });

  it('lists the newest first', async () => {
    const inbox = await anInbox();
    for (const subject of ['one', 'two', 'three']) await send(inbox, { ...aMail(), subject });
    expect((await list(inbox)).map(({ subject }) => subject)).toEqual(['three', 'two', 'one']);
  });

  it('shows recipients of the envelope where the mail names none, and a mail of bytes that are no mail', async () => {
    const inbox = await anInbox();
    await send(inbox, { envelope: { from: 'a@example.com', to: 'hidden@example.com' }, raw: 'no header at all' });
    const [summary] = await list(inbox);
    expect(summary).toMatchObject({ from: 'a@example.com', to: ['hidden@example.com'], subject: '', date: null });
  });

  it('refuses a mail that is too large, and goes on', async () => {
    const inbox = await anInbox();
    await expect(send(inbox, { ...aMail(), text: 'x'.repeat(11 * 1024 * 1024) })).rejects.toMatchObject({ responseCode: 552 });
    await send(inbox, aMail());
    expect(await list(inbox)).toHaveLength(1);
  });

  it('deletes them all', async () => {
    const inbox = await anInbox();
    await send(inbox, aMail());
    const [summary] = await list(inbox);
    expect((await fetch(`${inbox.url}/api/mails`, { method: 'DELETE' })).status).toBe(204);
    expect(await list(inbox)).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
    expect((await fetch(`${inbox.url}/api/mails/${summary!.id}`)).status).toBe(404);
  });
});

describe('keeping mails', () => {
  it('has them again after a restart, with their envelope, for their owner alone', async () => {
    const before = await anInbox();
    await send(before, { envelope: { from: 'bounce@example.com', to: ['a@example.com', 'b@example.com'] }, raw: 'Subject: kept\r\n\r\nbody\r\n' });
    const [kept] = await list(before);
    const source = await (await fetch(`${before.url}/api/mails/${kept!.id}/source`)).text();
    await close(before);

    const after = await anInbox();
    expect(await list(after)).toEqual([kept]);
    expect(await (await fetch(`${after.url}/api/mails/${kept!.id}/source`)).text()).toBe(source);
    const [file] = await readdir(folder);
    expect((await stat(path.join(folder, file!))).mode & 0o777).toBe(0o600);
  });

  it('keeps none where no folder is given', async () => {
    const before = await anInbox({ folder: null });
    await send(before, aMail());
    await close(before);
    expect(await list(await anInbox({ folder: null }))).toEqual([]);
  });
});

describe('the pages', () => {
  it('run nothing from elsewhere, and are kept by no cache', async () => {
    const inbox = await anInbox();
    const page = await fetch(inbox.url);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(page.headers.get('content-security-policy')).not.toContain('unsafe-inline');
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    expect(page.headers.get('cache-control')).toBe('no-store');
    const html = await page.text();
    for (const [, address] of html.matchAll(/(?:src|href)="(\/[a-z.]+)"/g)) expect((await fetch(`${inbox.url}${address}`)).status).toBe(200);
  });

  it('show mail HTML with no script, no origin and links that open in a new tab', async () => {
    const inbox = await anInbox();
    await send(inbox, aMail());
    const [summary] = await list(inbox);
    const page = await fetch(`${inbox.url}/api/mails/${summary!.id}/html`);
    const policy = page.headers.get('content-security-policy');
    expect(policy).toContain('sandbox allow-popups allow-popups-to-escape-sandbox;');
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('allow-scripts');
    expect(policy).not.toContain('allow-same-origin');
    expect(await page.text()).toMatch(/<head><base target="_blank">/);
  });

  it('tell open pages of a new mail at once', async () => {
    const inbox = await anInbox();
    const changes = await fetch(`${inbox.url}/api/changes`);
    const reader = changes.body!.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader.read()).value).toContain('retry:');
    await send(inbox, aMail());
    expect((await reader.read()).value).toBe('event: caught\ndata: \n\n');
  });

  it('answer to no other name than this machine\'s, so that no page elsewhere can read links by a name that points here', async () => {
    const { port } = new URL((await anInbox()).url);
    expect(await statusFor(port, 'evil.example')).toBe(421);
  });

  it('answer to no other name in a container either, whose port this machine\'s browser reaches; but to those that it was given', async () => {
    const { port } = new URL((await anInbox({ host: '0.0.0.0', names: ['inbox.example.com'] })).url);
    expect([await statusFor(port, 'evil.example'), await statusFor(port, 'localhost'), await statusFor(port, 'inbox.example.com')]).toEqual([421, 200, 200]);
  });

  function statusFor(port: string, name: string): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      get({ host: '127.0.0.1', port, path: '/api/mails', headers: { host: `${name}:${port}` } }, (answer) => resolve(answer.resume().statusCode)).once('error', reject);
    });
  }

  it('answer to health checks', async () => {
    const inbox = await anInbox();
    for (const check of ['live', 'ready']) expect((await fetch(`${inbox.url}/health/${check}`)).status).toBe(200);
  });
});

describe('starting', () => {
  it('says in one line which port is in use, and leaves nothing running', async () => {
    const first = await anInbox();
    await expect(anInbox({ smtpPort: first.smtpPort })).rejects.toThrow(new RegExp(`^port ${first.smtpPort} is in use by another program: the inbox cannot catch mails there$`));
    const webPort = Number(new URL(first.url).port);
    await expect(anInbox({ webPort })).rejects.toThrow(new RegExp(`^port ${webPort} is in use by another program: the inbox cannot show its pages there$`));
  });

  it('ends also while a page listens and a sender keeps its connection', async () => {
    const inbox = await anInbox();
    const transport = nodemailer.createTransport({ host: '127.0.0.1', port: inbox.smtpPort, pool: true });
    await transport.sendMail(aMail());
    const changes = await fetch(`${inbox.url}/api/changes`);
    await close(inbox);
    await changes.text();
    transport.close();
    await expect(fetch(inbox.url)).rejects.toThrow();
  });
});

async function anInbox(options: { folder?: null; smtpPort?: number; webPort?: number; host?: string; names?: string[] } = {}): Promise<Inbox> {
  const inbox = await startInbox({ host: options.host ?? '127.0.0.1', names: options.names ?? [], smtpPort: options.smtpPort ?? 0, webPort: options.webPort ?? 0, ...(options.folder === null ? {} : { folder }), log });
  opened.push(inbox);
  return inbox;
}

async function close(inbox: Inbox): Promise<void> {
  opened.splice(opened.indexOf(inbox), 1);
  await inbox.close();
}

function aMail() {
  return {
    from: 'Rekey <no-reply@example.com>',
    to: 'kim@example.com',
    subject: 'Zurücksetzen ✓',
    date: new Date('2026-11-24T12:00:00Z'),
    headers: { 'Auto-Submitted': 'auto-generated' },
    text: `Open ${resetLink}.`,
    html: `<!doctype html><html><head><title>x</title></head><body><a href="${resetLink.replace('&', '&amp;')}">Choose a new password</a><a href='https://example.com/help'>help</a><a href="javascript:alert(1)">x</a></body></html>`,
  };
}

async function send(inbox: Inbox, mail: SendMailOptions, auth?: { user: string; pass: string }): Promise<void> {
  const transport = nodemailer.createTransport({ host: '127.0.0.1', port: inbox.smtpPort, ...(auth ? { auth } : {}) });
  await transport.sendMail(mail);
}

async function list(inbox: Inbox): Promise<MailSummary[]> {
  return (await (await fetch(`${inbox.url}/api/mails`)).json()) as MailSummary[]; // what the API promises
}

async function read(inbox: Inbox, id: string): Promise<Mail> {
  return (await (await fetch(`${inbox.url}/api/mails/${id}`)).json()) as Mail; // as above
}
