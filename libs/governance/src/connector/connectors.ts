import { accountDisable } from './account-disable.connector.ts';
import { accountLock } from './account-lock.connector.ts';
import { accountRecovery } from './account-recovery.connector.ts';
import { adminForcedPasswordReset } from './admin-forced-password-reset.connector.ts';
import type { Category, Connector } from './connector.ts';
import { multiAttributeLogin } from './multi-attribute-login.connector.ts';
import { passwordHistory } from './password-history.connector.ts';
import { passwordPolicy } from './password-policy.connector.ts';
import { selfSignUp } from './self-sign-up.connector.ts';
import { userClaimUpdate } from './user-claim-update.connector.ts';
import { userEmailVerification } from './user-email-verification.connector.ts';

/** In WSO2's order. */
export const connectors: readonly Connector<unknown>[] = [selfSignUp, userEmailVerification, accountLock, accountRecovery, adminForcedPasswordReset, accountDisable, multiAttributeLogin, passwordPolicy, passwordHistory, userClaimUpdate];

const categories = new Map(connectors.map(({ category }) => [category.id, category]));

/** The same by category. */
export const connectorCategories: readonly { readonly category: Category; readonly connectors: readonly Connector<unknown>[] }[] = [...categories.values()].map((category) => ({ category, connectors: connectorsIn(category.id) }));

/** @returns none for an id that no category has */
export function connectorsIn(id: string): readonly Connector<unknown>[] {
  return connectors.filter(({ category }) => category.id === id);
}
