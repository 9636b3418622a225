import type { SeparateServices } from './separate-services.ts';

const mostAtOnce = 10;

/** Users of these names, made several at once. */
export async function people(services: Pick<SeparateServices, 'aUser'>, prefix: string, count: number): Promise<string[]> {
  const usernames = Array.from({ length: count }, (_, index) => `${prefix}${index}`);
  await severalAtOnce(usernames, (username) => services.aUser(username));
  return usernames;
}

export async function severalAtOnce<Item>(items: readonly Item[], work: (item: Item, index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  await Promise.all(Array.from({ length: mostAtOnce }, async () => {
    for (let index = next++; index < items.length; index = next++) await work(items[index] as Item, index); // within its bounds
  }));
}
