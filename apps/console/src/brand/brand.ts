import { answered, ApiProblem, rekey, type RekeyApi } from '@rekey/web';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { previewKeptMs } from '../templates/templates.ts';

export type Brand = RekeyApi['/mail-brand']['get']['responses']['200']['content']['application/json'];
export type Color = keyof Brand['colors'];

/** As the form has it: what is blank is Rekey's. */
export type BrandDraft = Readonly<Record<'name' | 'logoUrl' | 'logoAlt' | 'support' | 'footer' | Color, string>>;

/** In the order of the form. */
export const colorNames = ['primary', 'buttonText', 'text', 'background'] as const satisfies readonly Color[];

/** What the server refuses, and in which field it stands. */
export interface BrandFault {
  readonly field: keyof BrandDraft;
  readonly reason: string;
}

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

/** The tenant's mail in it; the last one stays while the next is on its way. */
export function useBrandPreview(draft: BrandDraft) {
  return useQuery({ queryKey: ['mail-brand-preview', draft], queryFn: async ({ signal }) => answered(rekey.POST('/mail-brand/preview', { body: brandOf(draft), signal })), placeholderData: keepPreviousData, refetchInterval: previewKeptMs, gcTime: 0 });
}

const fields: Readonly<Record<string, keyof BrandDraft>> = { name: 'name', 'logo.url': 'logoUrl', 'logo.alt': 'logoAlt', support: 'support', footer: 'footer', ...Object.fromEntries(colorNames.map((name) => [`colors.${name}`, name])) };

/** @returns null where the refusal is about something else */
export function faultIn(error: unknown): BrandFault | null {
  if (!(error instanceof ApiProblem) || error.status !== 400) return null;
  const [, named = '', reason = ''] = /^Malformed request: ([\w.]+): (.*?)\.?$/s.exec(error.message) ?? [];
  const field = fields[named];
  return field === undefined ? null : { field, reason };
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
