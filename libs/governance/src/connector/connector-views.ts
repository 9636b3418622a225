import type { Connector, StoredValues } from './connector.ts';
import type { Property } from './property.ts';
import type { OwnValue } from './stored-settings.ts';

/** A connector as WSO2's governance API shows it. */
export interface ShownConnector extends Pick<Connector<unknown>, 'id' | 'name' | 'friendlyName'> {
  readonly category: string;
  readonly subCategory: 'DEFAULT';
  readonly order: 0;
  readonly properties: readonly ShownProperty[];
}

interface ShownProperty extends Pick<Property<unknown>, 'name' | 'displayName' | 'description'> {
  readonly value: string;
  readonly meta: { readonly type: Property<unknown>['type']; readonly groupID: 0 };
}

export function shownConnector({ id, name, friendlyName, category, properties }: Connector<unknown>, texts: StoredValues): ShownConnector {
  const shown = properties.map((property) => ({
    name: property.name,
    value: texts.get(property.name) ?? '',
    displayName: property.displayName,
    description: property.description,
    meta: { type: property.type, groupID: 0 } as const,
  }));
  return { id, name, category: category.name, friendlyName, order: 0, subCategory: 'DEFAULT', properties: shown };
}

/** One setting with all that there is to know of it. */
export interface ExplainedSetting extends Pick<Property<unknown>, 'name' | 'displayName' | 'description' | 'type' | 'expected' | 'key' | 'fixedBecause'> {
  /** What counts. */
  readonly value: string;
  /** What would count if nobody said anything. */
  readonly default: string;
  /** What counts where administrators have set nothing. */
  readonly inFile: string;
  /** What administrators have set; null where that is nothing. */
  readonly own: Omit<OwnValue, 'value'> | null;
}

export interface ExplainedConnector extends Pick<Connector<unknown>, 'id' | 'name' | 'friendlyName' | 'category'> {
  /** Another one as soon as any of the settings counts as something else, or comes from elsewhere. */
  readonly version: string;
  readonly settings: readonly ExplainedSetting[];
}

export function explainedSetting({ name, displayName, description, type, expected, key, fixedBecause }: Property<unknown>, { value, inFile, shipped, own }: { readonly value: string; readonly inFile: string; readonly shipped: string; readonly own: OwnValue | undefined }): ExplainedSetting {
  return { name, displayName, description, type, expected, key, fixedBecause, value, default: shipped, inFile, own: own ? { changedAt: own.changedAt, changedBy: own.changedBy } : null };
}
