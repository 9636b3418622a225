import type { UserSearch } from '@rekey/identity';
import { z } from 'zod';
import { boundedText } from '../http/body.ts';
import type { ShownAttributes } from './shown-attributes.ts';
import { sortField, userCondition } from './user-filter.ts';

const usualCount = 100;
export const longestPage = 1_000;

const path = boundedText(255);
/** In a query: with commas between. */
const pathList = boundedText(2_048).transform((list) => list.split(',').map((each) => each.trim()).filter(Boolean));
const order = z.enum(['ascending', 'descending']);
const inQuery = z.string().regex(/^-?\d{1,15}$/, 'expected a whole number').transform(Number);
const wholeNumber = z.int();

/** Parameters that are not known are for others, e.g. WSO2's `domain`: there is one user store. */
export const shownQuery = z.object({ attributes: pathList.optional(), excludedAttributes: pathList.optional() });
export const listQuery = shownQuery.extend({ filter: z.string().optional(), sortBy: path.optional(), sortOrder: order.optional(), startIndex: inQuery.optional(), count: inQuery.optional() });

/** The same as a body (RFC 7644 section 3.4.3). */
export const searchRequest = z.strictObject({
  schemas: z.tuple([z.literal('urn:ietf:params:scim:api:messages:2.0:SearchRequest')]),
  attributes: z.array(path).max(100).optional(),
  excludedAttributes: z.array(path).max(100).optional(),
  filter: z.string().optional(),
  sortBy: path.optional(),
  sortOrder: order.optional(),
  startIndex: wholeNumber.optional(),
  count: wholeNumber.optional(),
});

export type UserQuery = z.output<typeof listQuery> & ShownAttributes;

/** Numbers that mean nothing are as the nearest that do (RFC 7644 section 3.4.2.4). @throws ScimError of a filter or an order that there is not */
export function searchFor({ filter, sortBy, sortOrder, startIndex = 1, count = usualCount }: UserQuery): UserSearch {
  return {
    condition: filter === undefined ? null : userCondition(filter),
    sortBy: sortBy === undefined ? null : { field: sortField(sortBy), descending: sortOrder === 'descending' },
    offset: Math.max(startIndex, 1) - 1,
    limit: Math.min(Math.max(count, 0), longestPage),
  };
}
