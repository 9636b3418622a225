import { answered, ApiProblem, emailTemplates, rekey, type EmailTemplatesApi, type RekeyApi } from '@rekey/web';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { deliveriesKey } from '../deliveries/deliveries.ts';

export type Template = EmailTemplatesApi['/template-types/{typeId}/templates/{locale}']['get']['responses']['200']['content']['application/json'];
export type Placeholder = RekeyApi['/mail-templates/{type}/{locale}/placeholders']['get']['responses']['200']['content']['application/json']['placeholders'][number];
export type Version = RekeyApi['/mail-templates/{type}/{locale}/versions']['get']['responses']['200']['content']['application/json']['versions'][number];

/** Of one template. `type` is the name behind the id. */
export interface TemplatePlace {
  readonly typeId: string;
  readonly type: string;
  readonly locale: string;
}

const typesKey = ['template-types'] as const;
const typeKey = (typeId: string) => [...typesKey, typeId] as const;
const versionsKey = ({ typeId, locale }: TemplatePlace) => [...typeKey(typeId), 'versions', locale] as const;

export function useTypes() {
  return useQuery({ queryKey: [...typesKey, 'all'], queryFn: async ({ signal }) => answered(emailTemplates.GET('/template-types', { signal })) });
}

/** One type, with its templates. */
export function useType(typeId: string) {
  return useQuery({ queryKey: [...typeKey(typeId), 'templates'], queryFn: async ({ signal }) => answered(emailTemplates.GET('/template-types/{typeId}', { params: { path: { typeId } }, signal })) });
}

/** A template as it was read. */
export interface ReadTemplate {
  readonly template: Template;
  /** The entity tag of what was read. */
  readonly version: string;
}

export function useTemplate(typeId: string, locale: string) {
  return useQuery({ queryKey: [...typeKey(typeId), 'template', locale], queryFn: async ({ signal }) => readTemplate(typeId, locale, signal) });
}

async function readTemplate(typeId: string, locale: string, signal: AbortSignal): Promise<ReadTemplate> {
  const asked = emailTemplates.GET('/template-types/{typeId}/templates/{locale}', { params: { path: { typeId, locale } }, signal });
  const template = await answered(asked);
  return { template, version: (await asked).response.headers.get('etag') ?? '*' };
}

/** Whatever was changed of a type is read anew. */
function useTypeChange<Input>(typeId: string, change: (input: Input) => Promise<unknown>) {
  const queries = useQueryClient();
  return useMutation({ mutationFn: change, onSuccess: async () => queries.invalidateQueries({ queryKey: typeKey(typeId) }) });
}

export function useAddTemplate(typeId: string) {
  return useTypeChange(typeId, async (template: Template) => answered(emailTemplates.POST('/template-types/{typeId}/templates', { params: { path: { typeId } }, body: template })));
}

/** In the place of what was read; where somebody else has saved something there meanwhile, that is read, and nothing is saved. */
export function useSave({ typeId, locale }: TemplatePlace) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ template, version }: ReadTemplate) => answered(emailTemplates.PUT('/template-types/{typeId}/templates/{locale}', { params: { path: { typeId, locale }, header: { 'if-match': version } }, body: template })),
    onSettled: async (_, error) => {
      if (!error || isConflict(error)) await queries.invalidateQueries({ queryKey: typeKey(typeId) });
    },
  });
}

export function isConflict(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 412;
}

/** A shipped template is as shipped again. */
export function useRemove({ typeId, locale }: TemplatePlace) {
  return useTypeChange(typeId, async () => answered(emailTemplates.DELETE('/template-types/{typeId}/templates/{locale}', { params: { path: { typeId, locale } } })));
}

export function useVersions(place: TemplatePlace) {
  const { type, locale } = place;
  return useQuery({ queryKey: versionsKey(place), queryFn: async ({ signal }) => answered(rekey.GET('/mail-templates/{type}/{locale}/versions', { params: { path: { type, locale } }, signal })) });
}

/** What it said. */
export function useVersion(place: TemplatePlace, version: number) {
  const { type, locale } = place;
  return useQuery({
    queryKey: [...versionsKey(place), version],
    queryFn: async ({ signal }) => answered(rekey.GET('/mail-templates/{type}/{locale}/versions/{version}', { params: { path: { type, locale, version: String(version) } }, signal })),
    staleTime: Infinity, // it says the same for ever
  });
}

export function useRestore({ typeId, type, locale }: TemplatePlace) {
  return useTypeChange(typeId, async (version: number) => answered(rekey.POST('/mail-templates/{type}/{locale}/versions/{version}/restore', { params: { path: { type, locale, version: String(version) } } })));
}

/** What may stand in it, and what a preview has there. */
export function usePlaceholders({ typeId, type, locale }: TemplatePlace) {
  return useQuery({ queryKey: [...typeKey(typeId), 'placeholders', locale], queryFn: async ({ signal }) => answered(rekey.GET('/mail-templates/{type}/{locale}/placeholders', { params: { path: { type, locale } }, signal })), select: ({ placeholders }) => placeholders });
}

/** Less than the server keeps one. */
export const previewKeptMs = 600_000;

/** What the mail would say; the last one stays while the next is on its way. */
export function usePreview(template: Template) {
  return useQuery({ queryKey: ['template-preview', template], queryFn: async ({ signal }) => answered(rekey.POST('/mail-templates/preview', { body: template, signal })), placeholderData: keepPreviousData, refetchInterval: previewKeptMs, gcTime: 0 });
}

export function useTestSend() {
  return useMutation({ mutationFn: async (template: Template) => answered(rekey.POST('/mail-templates/test-send', { body: template })) });
}

const askedAgainMs = 1_000;

/** What became of a test so far; null until the log has it. */
export function useTestDelivery(reference: string) {
  return useQuery({
    queryKey: [...deliveriesKey, 'test', reference],
    queryFn: async ({ signal }) => (await answered(rekey.GET('/deliveries', { params: { query: { reference } }, signal }))).deliveries[0] ?? null,
    refetchInterval: ({ state }) => (state.data?.finishedAt ? false : askedAgainMs),
  });
}
