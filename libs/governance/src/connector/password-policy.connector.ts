import { connector } from './connector.ts';
import { optionalPattern, text, toggle, whole } from './property.ts';

const policy = 'identity_mgt.password_policy';
/** Where the tenant has no words of its own. */
export const usualPatternMessage = 'The password does not have the form that this organisation asks for.';

/** Which passwords are refused. What else `deployment.toml` says of them counts for every tenant. */
export const passwordPolicy = connector({
  name: 'passwordPolicy',
  friendlyName: 'Password Patterns',
  category: 'Password Policies',
  properties: {
    enable: toggle({ name: 'passwordPolicy.enable', displayName: 'Validate passwords based on a policy pattern', description: 'Off: any password is taken', key: `${policy}.enable` }, (config) => config.passwordPolicy.enable),
    minLength: whole({ name: 'passwordPolicy.min.length', displayName: 'Minimum number of characters', description: 'How short a password may be, 8 to 128', key: `${policy}.min_length` }, 8, 128, (config) => config.passwordPolicy.minLength),
    maxLength: whole({ name: 'passwordPolicy.max.length', displayName: 'Maximum number of characters', description: 'How long a password may be, 64 to 128', key: `${policy}.max_length` }, 64, 128, (config) => config.passwordPolicy.maxLength),
    pattern: optionalPattern({ name: 'passwordPolicy.pattern', displayName: 'Password pattern regex', description: 'The whole password must match; nothing for no pattern', key: `${policy}.pattern` }, (config) => config.passwordPolicy.pattern),
    patternMessage: text({ name: 'passwordPolicy.errorMsg', displayName: 'Error message on pattern violation', description: 'What a person is told whose password does not match' }, 255, usualPatternMessage),
  },
  objectionTo: ({ minLength, maxLength }) => (minLength <= maxLength ? null : { to: ['minLength', 'maxLength'], message: `passwordPolicy.min.length: expected at most passwordPolicy.max.length (${maxLength}), got "${minLength}"` }),
});
