import { answered, rekey, type RekeyApi } from '@rekey/web';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

export type Brand = RekeyApi['/mail-brand']['get']['responses']['200']['content']['application/json'];
export type Color = keyof Brand['colors'];

/** As the form has it: what is blank is Rekey's. */
export type BrandDraft = Readonly<Record<'name' | 'logoUrl' | 'logoAlt' | 'support' | 'footer' | Color, string>>;

const brandKey = ['mail-brand'] as const;

export function useBrand() {
  return useQuery({ queryKey: brandKey, queryFn: async ({ signal }) => answered(rekey.GET('/mail-brand', { signal })) });
}

export function useReplaceBrand() {
  const queries = useQueryClient();
  return useMutation({ mutationFn: async (draft: BrandDraft) => answered(rekey.PUT('/mail-brand', { body: brandOf(draft) })), onSuccess: (brand) => queries.setQueryData(brandKey, brand) });
}

export function useRemoveBrand() {
  const queries = useQueryClient();
  return useMutation({ mutationFn: async () => answered(rekey.DELETE('/mail-brand')), onSuccess: async () => queries.invalidateQueries({ queryKey: brandKey }) });
}

export function draftOf({ name = '', logo, support = '', footer = '', colors }: Brand): BrandDraft {
  return { name, logoUrl: logo?.url ?? '', logoAlt: logo?.alt ?? '', support, footer, ...colors };
}

function brandOf({ name, logoUrl, logoAlt, support, footer, ...colors }: BrandDraft) {
  return {
    ...said({ name, support, footer }),
    ...(logoUrl.trim() === '' ? {} : { logo: { url: logoUrl.trim(), alt: logoAlt.trim() } }),
    colors: said(colors),
  };
}

function said<Name extends string>(texts: Readonly<Record<Name, string>>): Partial<Record<Name, string>> {
  const filled = Object.entries<string>(texts).flatMap(([name, text]) => (text.trim() === '' ? [] : [[name, text.trim()]]));
  return Object.fromEntries(filled) as Partial<Record<Name, string>>; // Object.entries forgets which names there are
}
