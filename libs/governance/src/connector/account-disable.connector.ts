import { connector } from './connector.ts';
import { fixed, toggle } from './property.ts';

/** Whether the claim `accountDisabled` means anything to sign-ins. */
export const accountDisable = connector({
  name: 'account.disable.handler',
  friendlyName: 'Account Disable',
  category: 'Account Management',
  properties: {
    enable: toggle({ name: 'account.disable.handler.enable', displayName: 'Enable account disabling', description: 'Refuses whoever signs in to a disabled account, and ends the sessions of an account that is disabled' }, () => true),
    notify: fixed({ name: 'account.disable.handler.notification.manageInternally', displayName: 'Manage notification sending internally', description: '' }, 'false', 'Rekey mails nobody about it'),
  },
});
