import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const checkout = fileURLToPath(new URL('../../../../', import.meta.url));

export function builtProgram(app: string): string {
  return path.join(checkout, 'apps', app, 'dist/main.js');
}
