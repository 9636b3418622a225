import { realms, type UserSearch } from '@rekey/identity';
import { z } from 'zod';
import { boundedText, inAnyCase, storableText } from '../http/body.ts';
import { messageOf } from './message.ts';
import type { ShownAttributes } from './shown-attributes.ts';
import { sortField, userCondition } from './user-filter.ts';

const usualCount = 100;
export const longestPage = 1_000;

const path = boundedText(255);
/** In a query: with commas between. None is as if nothing were said of it. */
const pathList = storableText(2_048).transform((list) => {
  const paths = list.split(',').map((each) => each.trim()).filter(Boolean);
  return paths.length > 0 ? paths : undefined;
});
const order = inAnyCase(['ascending', 'descending']);
const userStore = z.string().toUpperCase().pipe(z.enum(realms)).meta({ description: 'WSO2’s: the user store.', override: { enum: [...realms] } });
const inQuery = z.string().regex(/^-?\d{1,15}$/, 'expected a whole number').transform(Number);
const wholeNumber = z.int();
const totalUpTo = z.int().min(1).max(1_000_000).meta({ description: 'Rekey’s: no further than this are users counted, and `totalResults` is one more where there are others. Without it, it is exact, which takes its time among very many.' });

export const shownQuery = z.object({ attributes: pathList.optional(), excludedAttributes: pathList.optional() });
export const listQuery = shownQuery.extend({
  filter: z.string().optional().meta({ description: 'RFC 7644 section 3.4.2.2: `userName eq "kim" and active eq true`. Quotes may be missing.' }),
  sortBy: path.optional(),
  sortOrder: order.optional(),
  sortOder: order.optional().meta({ description: 'So spelled in WSO2’s description, and by the clients made from it.' }),
  domain: userStore.optional(),
  startIndex: inQuery.optional(),
  count: inQuery.optional(),
});

/** The same as a body (RFC 7644 section 3.4.3). */
export const searchRequest = z.strictObject({
  schemas: messageOf('SearchRequest'),
  attributes: z.array(path).max(100).optional(),
  excludedAttributes: z.array(path).max(100).optional(),
  filter: z.string().optional(),
  sortBy: path.optional(),
  sortOrder: order.optional(),
  domain: userStore.optional(),
  startIndex: wholeNumber.optional(),
  count: wholeNumber.optional(),
  totalUpTo: totalUpTo.optional(),
});

export type UserQuery = Omit<z.output<typeof listQuery>, 'domain'> & Pick<z.output<typeof searchRequest>, 'totalUpTo'> & ShownAttributes;

/** Numbers that mean nothing are as the nearest that do (RFC 7644 section 3.4.2.4). @throws ScimError of a filter or an order that there is not */
export function searchFor({ filter, sortBy, sortOder, sortOrder = sortOder, startIndex = 1, count = usualCount, totalUpTo }: UserQuery): UserSearch {
  return {
    condition: filter === undefined ? null : userCondition(filter),
    sortBy: sortBy === undefined ? null : { field: sortField(sortBy), descending: sortOrder === 'descending' },
    offset: Math.max(startIndex, 1) - 1,
    limit: Math.min(Math.max(count, 0), longestPage),
    totalUpTo: totalUpTo ?? null,
  };
}
