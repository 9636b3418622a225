import type { DeploymentLayers } from './deployment-layers.ts';
import type { KeyPath } from './key-path.ts';

/**
 * @param kind what they are names of, for a person
 * @param names null of what nobody calls by its name
 * @param pathOf the place of the one to blame
 * @throws DeploymentConfigError where two have one name
 */
export function refuseRepeatedNames(kind: string, names: readonly (string | null)[], pathOf: (index: number) => KeyPath, layers: DeploymentLayers): void {
  const index = firstRepeated(names);
  if (index !== -1) throw layers.refusal(pathOf(index), `another ${kind} is called ${JSON.stringify(names[index])} already: give each a name of its own`);
}

/** @returns the index of the first that stands before it too; -1 where no two are the same */
export function firstRepeated(names: readonly (string | null)[]): number {
  return names.findIndex((name, index) => name !== null && names.indexOf(name) < index);
}
