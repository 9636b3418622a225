import { answered, scim, type ScimApi } from '@rekey/web';
import { keepPreviousData, useQuery } from '@tanstack/react-query';

export type User = ScimApi['/Users/{id}']['get']['responses']['200']['content']['application/scim+json'];

export const wso2Schema = 'urn:scim:wso2:schema';
export const usersPerPage = 25;

export const usersKey = ['users'] as const;
export const userKey = (id: string) => [...usersKey, id] as const;

/** By a body: what is searched for are names and addresses, which belong in no log. @param startIndex the first of the page, from 1 */
export function useUsers(text: string, startIndex: number) {
  return useQuery({
    queryKey: [...usersKey, 'found', text, startIndex],
    queryFn: async ({ signal }) => answered(scim.POST('/Users/.search', { body: { ...filterOf(text), sortBy: 'userName', startIndex, count: usersPerPage }, signal })),
    placeholderData: keepPreviousData,
  });
}

export function useUser(id: string) {
  return useQuery({ queryKey: userKey(id), queryFn: async ({ signal }) => answered(scim.GET('/Users/{id}', { params: { path: { id } }, signal })) });
}

function filterOf(text: string): { filter?: string } {
  const quoted = JSON.stringify(text);
  return text === '' ? {} : { filter: `userName co ${quoted} or emails co ${quoted}` };
}

export function addressOf({ emails = [] }: User): string | undefined {
  return (emails.find(({ primary }) => primary) ?? emails[0])?.value;
}

export function fullNameOf({ displayName, name }: User): string | undefined {
  return displayName ?? name?.formatted ?? ([name?.givenName, name?.familyName].filter(Boolean).join(' ') || undefined);
}
