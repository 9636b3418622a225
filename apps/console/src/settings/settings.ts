import { answered, ApiProblem, governance, rekey, type RekeyApi } from '@rekey/web';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

export type Settings = RekeyApi['/settings/{connector}']['get']['responses']['200']['content']['application/json'];
export type Setting = Settings['settings'][number];

const settingsKey = (connector: string) => ['settings', connector] as const;

async function readSettings(connector: string, signal?: AbortSignal): Promise<Settings> {
  return answered(rekey.GET('/settings/{connector}', { params: { path: { connector } }, ...(signal ? { signal } : {}) }));
}

/** Those of one connector. @param connector its name */
export function useSettings(connector: string) {
  return useQuery({ queryKey: settingsKey(connector), queryFn: async ({ signal }) => readSettings(connector, signal) });
}

export type Values = Readonly<Record<string, string>>;

/** To set some, or to take some back that were set here: the file's count again. */
export type Change = { readonly kind: 'set'; readonly values: Values } | { readonly kind: 'revert'; readonly names: readonly string[] };

/** What came of it, and what is different since the page was read, by whomever. */
export interface Outcome {
  readonly kind: Change['kind'] | 'conflict';
  readonly different: readonly Setting[];
}

/** Changes the settings as they were read: what somebody else has changed meanwhile stays, and is read in place of the change. */
export function useChange(read: Settings, onDone: (change: Change) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (change: Change): Promise<Outcome> => {
      const isTaken = await sent(read, change);
      const now = await readSettings(read.name);
      queries.setQueryData(settingsKey(read.name), now);
      return { kind: isTaken ? change.kind : 'conflict', different: now.settings.filter(({ name, value, source }) => !read.settings.some((before) => before.name === name && before.value === value && before.source === source)) };
    },
    onSuccess: ({ kind }, change) => {
      if (kind !== 'conflict') onDone(change);
    },
  });
}

/** @returns false where the settings are another version by now */
async function sent({ id, category, version }: Settings, change: Change): Promise<boolean> {
  const header = { 'if-match': `"${version}"` };
  try {
    if (change.kind === 'revert') await answered(governance.POST('/{categoryId}/connectors/revert', { params: { path: { categoryId: category.id }, query: { connectorId: id }, header }, body: { properties: [...change.names] } }));
    else await answered(governance.PATCH('/{categoryId}/connectors/{connectorId}', { params: { path: { categoryId: category.id, connectorId: id }, header }, body: { operation: 'UPDATE', properties: Object.entries(change.values).map(([name, value]) => ({ name, value })) } }));
    return true;
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 412) return false;
    throw error;
  }
}

/** Of a refusal, the settings that it is about. */
export function namesIn(error: unknown): readonly string[] {
  const properties = error instanceof ApiProblem ? error.body['properties'] : undefined;
  return Array.isArray(properties) ? properties.filter((name) => typeof name === 'string') : [];
}
