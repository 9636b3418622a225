import { connector } from './connector.ts';
import { fixed } from './property.ts';

const byUsername = 'people sign in with their username';

/** By what else people sign in: WSO2's portals ask, and take it for on where nobody says that it is off. */
export const multiAttributeLogin = connector({
  name: 'multiattribute.login.handler',
  friendlyName: 'Multi Attribute Login',
  category: 'Account Management',
  properties: {
    enable: fixed({ name: 'account.multiattributelogin.handler.enable', displayName: 'Enable Multi Attribute Login', description: '' }, 'false', byUsername),
    allowedAttributes: fixed({ name: 'account.multiattributelogin.handler.allowedattributes', displayName: 'Allowed Attribute Claim List', description: '' }, 'http://wso2.org/claims/username', byUsername),
  },
});
