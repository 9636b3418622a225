import type { z } from 'zod';
import type { DeploymentLayers } from '../deployment-layers.ts';
import { list, table } from '../table.ts';
import { pattern, text, toggle, whole } from '../values/scalars.ts';

export interface PasswordPolicySettings {
  readonly enable: boolean;
  /** In Unicode code points: default 15, at least 8. */
  readonly minLength: number;
  /** In Unicode code points: default 128, at most 128. */
  readonly maxLength: number;
  /** `identity_mgt.password_policy.pattern`: a regular expression the whole password must match, or null. */
  readonly pattern: string | null;
  /** `identity_mgt.password_policy.breached_list` (Rekey's): refuses passwords that are known from breaches; default true. */
  readonly breachedList: boolean;
  /** `identity_mgt.password_policy.context_words` (Rekey's): words of the organization that no password may be made of. */
  readonly contextWords: readonly string[];
}

export const passwordPolicyToml = table({
  enable: toggle.prefault(true),
  min_length: whole(8, 128).prefault(15),
  max_length: whole(64, 128).prefault(128),
  pattern: pattern.optional(),
  breached_list: toggle.prefault(true),
  context_words: list(text('a word'), 'a list of words').prefault([]),
}).prefault({});

/** @throws DeploymentConfigError where no length would do */
export function passwordPolicySettings(policy: z.output<typeof passwordPolicyToml>, layers: DeploymentLayers): PasswordPolicySettings {
  const { enable, min_length: minLength, max_length: maxLength, pattern = null, breached_list: breachedList, context_words: contextWords } = policy;
  if (minLength > maxLength) throw layers.unexpected(['identity_mgt', 'password_policy', 'min_length'], `at most max_length (${maxLength})`);
  return { enable, minLength, maxLength, pattern, breachedList, contextWords };
}
