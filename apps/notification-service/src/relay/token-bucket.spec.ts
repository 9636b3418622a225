import { TokenBucket } from './token-bucket.ts';

describe('so many mails a second', () => {
  let nowMs = 0;
  const after = (ms: number, bucket: TokenBucket): number => {
    nowMs += ms;
    return bucket.available;
  };
  const take = (bucket: TokenBucket, count: number): void => {
    for (let taken = 0; taken < count; taken++) bucket.take();
  };

  it('are those of one second at once, and then come one by one', () => {
    const bucket = new TokenBucket(5, () => nowMs);
    expect(bucket.available).toBe(5);
    take(bucket, 5);
    expect([after(0, bucket), after(199, bucket), after(1, bucket), after(200, bucket)]).toEqual([0, 0, 1, 2]);
  });

  it('are never saved up for more than a second', () => {
    const bucket = new TokenBucket(5, () => nowMs);
    expect(after(60_000, bucket)).toBe(5);
  });

  it('are one every so often where they are less than one', () => {
    const bucket = new TokenBucket(0.5, () => nowMs);
    take(bucket, 1);
    expect([after(1_999, bucket), after(1, bucket), bucket.isFull]).toEqual([0, 1, true]);
  });

  it('are owed where more were taken', () => {
    const bucket = new TokenBucket(1, () => nowMs);
    take(bucket, 3);
    expect([after(2_000, bucket), after(1_000, bucket)]).toEqual([0, 1]);
  });
});
