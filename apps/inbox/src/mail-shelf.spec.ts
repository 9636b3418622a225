import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MailFolder } from './mail-folder.ts';
import { MailShelf } from './mail-shelf.ts';

const envelope = { from: 'a@example.com', to: ['b@example.com'] };

describe('a shelf of mails', () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(path.join(tmpdir(), 'rekey-shelf-'))));
  afterEach(() => rm(folder, { recursive: true }));

  it('drops the oldest beyond its number, from the folder too', async () => {
    const shelf = await MailShelf.open(await MailFolder.open(folder), { mails: 3, totalBytes: 10_000 });
    for (let n = 1; n <= 5; n++) await shelf.add(envelope, aMail(n));
    expect(shelf.list().map(({ subject }) => subject)).toEqual(['5', '4', '3']);
    expect(await readdir(folder)).toHaveLength(3);
  });

  it('drops the oldest beyond its bytes, but never the newest', async () => {
    const shelf = await MailShelf.open(null, { mails: 100, totalBytes: 2_500 });
    for (let n = 1; n <= 3; n++) await shelf.add(envelope, aMail(n, 1_000));
    expect(shelf.list().map(({ subject }) => subject)).toEqual(['3', '2']);
    await shelf.add(envelope, aMail(4, 9_000));
    expect(shelf.list().map(({ subject }) => subject)).toEqual(['4']);
  });

  it('gives mails that come at once ids of their own, in the order they came', async () => {
    const shelf = await MailShelf.open(await MailFolder.open(folder));
    await Promise.all(Array.from({ length: 50 }, (_, n) => shelf.add(envelope, aMail(n))));
    expect(shelf.list().map(({ subject }) => Number(subject))).toEqual(Array.from({ length: 50 }, (_, n) => 49 - n));
  });

  it('leaves no mail behind that came while all were deleted', async () => {
    const shelf = await MailShelf.open(await MailFolder.open(folder));
    await Promise.all([...Array.from({ length: 20 }, (_, n) => shelf.add(envelope, aMail(n))), shelf.clear()]);
    expect(await readdir(folder)).toHaveLength(shelf.list().length);
  });
});

function aMail(n: number, bytes = 0): Buffer {
  return Buffer.from(`Subject: ${n}\r\n\r\n${'x'.repeat(bytes)}\r\n`);
}
