import type { z } from 'zod';
import { table } from '../table.ts';
import { text, toggle, whole } from '../values/scalars.ts';

export type DefaultListenerName = 'identity_mgt' | 'governance_identity_mgt' | 'governance_identity_store';

export interface ListenerSettings {
  readonly priority: number;
  readonly enable: boolean;
}

const listener = (priority: string, enable: boolean) => ({ priority: whole(0, 10_000).prefault(priority), enable: toggle.prefault(enable) });

export const defaultListenersToml = table({
  identity_mgt: table(listener('50', false)).prefault({}),
  governance_identity_mgt: table(listener('95', true)).prefault({}),
  governance_identity_store: table({ ...listener('97', true), data_store: text().optional(), enable_hybrid_data_store: toggle.prefault(false) }).prefault({}),
}).prefault({});

export function defaultListeners({ identity_mgt, governance_identity_mgt, governance_identity_store: { priority, enable } }: z.output<typeof defaultListenersToml>): Readonly<Record<DefaultListenerName, ListenerSettings>> {
  return { identity_mgt, governance_identity_mgt, governance_identity_store: { priority, enable } };
}
