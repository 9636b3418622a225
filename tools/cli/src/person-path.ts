import path from 'node:path';
import type { Terminal } from './terminal.ts';

/** @param name of a file or folder, relative to where the person is: npm runs its scripts elsewhere */
export function personPath(name: string, { environment }: Pick<Terminal, 'environment'>): string {
  const here = environment['npm_lifecycle_event'] === 'rekey' ? (environment['INIT_CWD'] ?? '') : '';
  return path.resolve(here, name);
}
