import type { ConnectorDefaults } from './property.ts';

/** A switch, and the ways of what it switches, of which at least one is on where it is. By the properties' names. */
export interface Switches {
  readonly master: string;
  readonly ways: readonly string[];
  /** Which way is taken by whoever turns the master on and names none. */
  readonly usualWay: (config: ConnectorDefaults) => string;
}

type Values = ReadonlyMap<string, string>;

/**
 * WSO2's switches pull each other: the master turns its ways off with it, and the usual one on where none is; a way that is turned on turns
 * the master on, and the last one turned off turns it off. What counts is what a request changes: a client that sends the whole form sends
 * the other switches as they were.
 * @returns the changes, and what they bring along
 */
export function withDependencies({ master, ways, usualWay }: Switches, changes: Values, current: Values, config: ConnectorDefaults): Values {
  const isOn = (name: string) => (changes.get(name) ?? current.get(name)) === 'true';
  const isChanged = (name: string) => changes.has(name) && changes.get(name) !== current.get(name);
  if (!isChanged(master) && !ways.some(isChanged)) return changes;
  const named = ways.filter(isOn);
  const on = !isChanged(master) ? named : !isOn(master) ? [] : named.length > 0 ? named : [usualWay(config)];
  const text = (is: boolean) => String(is);
  return new Map([...changes, [master, text(on.length > 0)], ...ways.map((name) => [name, text(on.includes(name))] as const)]);
}
