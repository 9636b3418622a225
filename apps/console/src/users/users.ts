import { answered, scim, type ScimApi } from '@rekey/web';
import { keepPreviousData, useQuery } from '@tanstack/react-query';

export type User = ScimApi['/Users/{id}']['get']['responses']['200']['content']['application/scim+json'];

export const wso2Schema = 'urn:scim:wso2:schema';
export const usersPerPage = 25;
/** Nobody pages on through more: to count a million, and to pass over thousands, takes seconds. */
export const mostCounted = 1_000;

export const usersKey = ['users'] as const;
export const userKey = (id: string) => [...usersKey, id] as const;

/** By a body: what is searched for are names and addresses, which belong in no log. @param startIndex the first of the page, from 1 */
export function useUsers(text: string, startIndex: number) {
  return useQuery({
    queryKey: [...usersKey, 'found', text, startIndex],
    queryFn: async ({ signal }) => answered(scim.POST('/Users/.search', { body: { ...filterOf(text), sortBy: 'userName', startIndex, count: usersPerPage, totalUpTo: mostCounted }, signal })),
    placeholderData: keepPreviousData,
  });
}

export function useUser(id: string) {
  return useQuery({ queryKey: userKey(id), queryFn: async ({ signal }) => answered(scim.GET('/Users/{id}', { params: { path: { id } }, signal })) });
}

const sought = ['userName', 'emails', 'name.givenName', 'name.familyName'];
const mostWords = 8;
/** Of less there is no index, and of a million users very many would be found. */
const shortestPart = 3;

/** Each word somewhere, or, where it is very short, at the beginning of the username: `robin okafor` is who is called so, and `robin example.com` who is so at that domain. */
function filterOf(text: string): { filter?: string } {
  const words = text.split(/\s+/).filter(Boolean).slice(0, mostWords);
  const each = words.map((word) => ([...word].length < shortestPart ? `userName sw ${JSON.stringify(word)}` : `(${sought.map((attribute) => `${attribute} co ${JSON.stringify(word)}`).join(' or ')})`));
  return each.length === 0 ? {} : { filter: each.join(' and ') };
}

type Patch = ScimApi['/Users/{id}']['patch']['requestBody']['content']['application/scim+json'];

/** All of the operations or none. */
export function patchOf(operations: readonly Patch['Operations'][number][]): Patch {
  return { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [...operations] };
}

export function addressOf({ emails = [] }: User): string | undefined {
  return (emails.find(({ primary }) => primary) ?? emails[0])?.value;
}

export function fullNameOf({ displayName, name }: User): string | undefined {
  return displayName ?? name?.formatted ?? ([name?.givenName, name?.familyName].filter(Boolean).join(' ') || undefined);
}
