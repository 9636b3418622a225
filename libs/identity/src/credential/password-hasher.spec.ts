import { lookup } from 'node:dns/promises';
import { hash as hashWith } from '@node-rs/argon2';
import { HashQueueFullError, PasswordHasher } from './password-hasher.ts';

describe('hashing passwords', () => {
  const hasher = new PasswordHasher();

  it('makes argon2id hashes with 19 MiB, two passes and one lane, each with its own salt (S29)', async () => {
    const [one, other] = await Promise.all([hasher.hash('correct horse'), hasher.hash('correct horse')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).not.toBe(other);
    expect(hasher.needsRehash(one)).toBe(false);
  });

  it('takes the password it was made of, and no other', async () => {
    const hash = await hasher.hash('correct horse');
    expect(await hasher.verify('correct horse', hash)).toBe(true);
    expect(await hasher.verify('correct horsf', hash)).toBe(false);
    expect(await hasher.verify(' correct horse', hash)).toBe(false);
  });

  it('takes one way to compose a password for the other', async () => {
    const [composed, decomposed] = ['sch\u00F6n', 'scho\u0308n'];
    expect(await hasher.verify(decomposed, await hasher.hash(composed))).toBe(true);
    expect(await hasher.verify(composed, await hasher.hash(decomposed))).toBe(true);
  });

  it('sees what stands behind the 72nd byte (S29)', async () => {
    const start = 'x'.repeat(100);
    expect(await hasher.verify(`${start}2`, await hasher.hash(`${start}1`))).toBe(false);
  });

  it('knows a hash made with other parameters (S29)', async () => {
    expect(hasher.needsRehash(await hashWith('pass', { memoryCost: 8_192, timeCost: 1, parallelism: 1 }))).toBe(true);
  });

  it('costs what it is told to, from then on; what was hashed before is known still (S29)', async () => {
    const costlier = new PasswordHasher({ cost: { memoryKib: 32_768, iterations: 3, parallelism: 2 } });
    const before = await costlier.hash('correct horse');
    expect(before).toMatch(/^\$argon2id\$v=19\$m=32768,t=3,p=2\$/);
    expect([costlier.needsRehash(before), costlier.needsRehash(await hasher.hash('correct horse'))]).toEqual([false, true]);
    costlier.reconfigure({ memoryKib: 19_456, iterations: 2, parallelism: 1 });
    expect([costlier.needsRehash(before), await costlier.verify('correct horse', before), await costlier.verify('wrong', null)]).toEqual([true, true, false]);
    expect(await costlier.hash('correct horse')).toMatch(/m=19456,t=2,p=1/);
  });
});

describe('checking a password against no hash', () => {
  it('is never right', async () => {
    expect(await new PasswordHasher().verify('no one has this password', null)).toBe(false);
    expect(await new PasswordHasher().verify('', null)).toBe(false);
  });
});

describe('a flood of passwords', () => {
  it('is worked off two at a time; what the queue cannot hold is turned away at once', async () => {
    const hasher = new PasswordHasher({ atOnce: 2, queueLength: 3 });
    const outcomes = await Promise.allSettled(Array.from({ length: 9 }, () => hasher.hash('correct horse')));
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    expect(outcomes.slice(0, 5).every(({ status }) => status === 'fulfilled')).toBe(true);
    expect(refused).toHaveLength(4);
    for (const reason of refused) expect(reason).toBeInstanceOf(HashQueueFullError);
  });

  it('leaves nothing behind: afterwards the queue takes as much again, after failures too', async () => {
    const hasher = new PasswordHasher({ atOnce: 1, queueLength: 1 });
    await Promise.allSettled([hasher.verify('x', 'not a hash'), hasher.verify('x', 'not a hash'), hasher.verify('x', 'not a hash')]);
    const hashes = await Promise.all([hasher.hash('one'), hasher.hash('two')]);
    expect(hashes).toHaveLength(2);
  });

  it('finds a password among several hashes, all of which wait in the queue, or none', async () => {
    const hasher = new PasswordHasher({ atOnce: 1, queueLength: 2, keptForMany: 0 });
    const hashes = [await hasher.hash('one'), await hasher.hash('two'), await hasher.hash('three')];
    expect([await hasher.verifyAny('two', hashes), await hasher.verifyAny('four', hashes), await hasher.verifyAny('four', [])]).toEqual([true, false, false]);
    const first = hasher.hash('five');
    await expect(hasher.verifyAny('two', hashes)).rejects.toBeInstanceOf(HashQueueFullError);
    expect(await hasher.verifyAny('two', hashes.slice(1))).toBe(true);
    await first;
  });

  it('leaves places for comparing with several hashes, and those to nothing else', async () => {
    const hasher = new PasswordHasher({ atOnce: 1, queueLength: 2, keptForMany: 3 });
    const hashes = [await hasher.hash('one'), await hasher.hash('two'), await hasher.hash('three')];
    const flood = [hasher.hash('four'), hasher.verify('four', null), hasher.hash('five')];
    const compared = hasher.verifyAny('three', hashes);
    await expect(hasher.verify('three', hashes[2] ?? null)).rejects.toBeInstanceOf(HashQueueFullError);
    await expect(hasher.verifyAny('three', hashes.slice(2))).rejects.toBeInstanceOf(HashQueueFullError);
    expect(await compared).toBe(true);
    await Promise.all(flood);
  });

  it('leaves threads to those who look up names, such as of a relay, however many passwords wait (F33)', async () => {
    const hasher = new PasswordHasher();
    let hashed = 0;
    const hashing = Array.from({ length: 30 }, async () => {
      await hasher.hash('one of many');
      hashed++;
    });
    await lookup('localhost');
    expect(hashed).toBeLessThan(30);
    await Promise.all(hashing);
  });

  it('holds up checks against no hash in the same queue', async () => {
    const hasher = new PasswordHasher({ atOnce: 1, queueLength: 0 });
    const first = hasher.verify('x', null);
    await expect(hasher.verify('x', null)).rejects.toBeInstanceOf(HashQueueFullError);
    await first;
  });
});
