import { connector } from './connector.ts';
import { toggle, whole } from './property.ts';

/** Which passwords of before cannot be set again. */
export const passwordHistory = connector({
  name: 'passwordHistory',
  friendlyName: 'Password History',
  category: 'Password Policies',
  properties: {
    enable: toggle({ name: 'passwordHistory.enable', displayName: 'Validate password history', description: 'Refuses the last passwords of an account', key: 'identity_mgt.password_history.enable' }, (config) => config.passwordHistory.enable),
    count: whole({ name: 'passwordHistory.count', displayName: 'Password history validation count', description: 'So many of the last, the present one among them, 1 to 24', key: 'identity_mgt.password_history.count' }, 1, 24, (config) => config.passwordHistory.count),
  },
});
