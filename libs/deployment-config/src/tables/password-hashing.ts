import type { z } from 'zod';
import { table } from '../table.ts';
import { whole } from '../values/scalars.ts';

/** `[password_hashing]` (Rekey's): argon2id. Never below what OWASP asks for: 19456 KiB, 2, 1, which are the defaults. */
export interface PasswordHashingSettings {
  readonly memoryKib: number;
  readonly iterations: number;
  readonly parallelism: number;
}

export const passwordHashingToml = table({ memory_kib: whole(19_456, 4_194_304).prefault(19_456), iterations: whole(2, 100).prefault(2), parallelism: whole(1, 16).prefault(1) }).prefault({});

export function passwordHashingSettings({ memory_kib: memoryKib, iterations, parallelism }: z.output<typeof passwordHashingToml>): PasswordHashingSettings {
  return { memoryKib, iterations, parallelism };
}
