import { isChecked, type DeploymentConfig } from '@rekey/deployment-config';
import { maxPasswordUnits, requirementsOf, usualPatternMessage, type ConnectorSettings } from '@rekey/governance';
import { z } from 'zod';

const requirement = z.object({
  kind: z.enum(['digit', 'lowercase', 'uppercase', 'special']),
  characters: z.string().meta({ description: 'What counts: a class of a regular expression, such as `[a-z]`.' }),
});

/** What a new password must be like, as far as it can be said beforehand; a page ticks it off while somebody types. The server has the last word. */
export const shownPasswordPolicy = z.object({
  minLength: z.int().meta({ description: 'In code points, as `maxLength`.' }),
  maxLength: z.int(),
  requirements: z.array(requirement).meta({ description: 'What the tenant’s pattern asks for: one character of each, at least.' }),
  patternMessage: z.string().nullable().meta({ description: 'What the tenant says of a pattern that asks for more than that; empty where it has no words of its own, so that a page says it in the reader’s language.' }),
  notUsername: z.boolean().meta({ description: 'Whether the username must not be in it.' }),
  notKnown: z.boolean().meta({ description: 'Whether passwords are refused that are known from breaches.' }),
  history: z.int().meta({ description: 'How many of the last ones, the present one among them, are refused; 0: none.' }),
});

export type ShownPasswordPolicy = Readonly<z.output<typeof shownPasswordPolicy>>;

/** Nothing where no listener enforces it. @param config asked each time: it follows `deployment.toml` */
export function shownPasswordPolicies(settings: ConnectorSettings, config: () => DeploymentConfig): (tenantDomain: string) => Promise<ShownPasswordPolicy> {
  return async (tenantDomain) => {
    const [{ enable, minLength, maxLength, pattern, patternMessage }, history] = await Promise.all([settings.passwordPolicy(tenantDomain), settings.passwordHistory(tenantDomain)]);
    const { listeners, passwordPolicy } = config();
    const isGoverned = listeners.governance_identity_mgt?.enable === true && config().handlers.passwordHistory?.enable !== false;
    const kept = { history: history.enable && isGoverned ? history.count : 0 };
    if (!enable || !isChecked('passwordPolicy', config())) return { minLength: 1, maxLength: maxPasswordUnits, requirements: [], patternMessage: null, notUsername: false, notKnown: false, ...kept };
    const asked = pattern === null ? null : requirementsOf(pattern);
    return {
      minLength: Math.max(minLength, asked?.minLength ?? 0),
      maxLength: Math.min(maxLength, asked?.maxLength ?? maxLength),
      requirements: [...(asked?.requirements ?? [])],
      patternMessage: !asked || asked.isAll ? null : patternMessage === usualPatternMessage ? '' : patternMessage,
      notUsername: true,
      notKnown: passwordPolicy.breachedList,
      ...kept,
    };
  };
}
