import type { Role } from '@rekey/identity';

interface AccessRule {
  /** How callers say who they are, one way or the other: programs by HTTP Basic, browsers by the session that My Account's sign-in gives. */
  readonly by: readonly ('basic' | 'session')[];
  /** One of these is needed; null: none. */
  readonly roles: readonly Role[] | null;
  /** Of the super tenant's accounts alone, and not below another tenant's path: what concerns the whole deployment. */
  readonly onlySuperTenant?: true;
  /** For the API's document. */
  readonly who: string;
}

const fromConsole = ['basic', 'session'] as const;

/** Whom an operation is for, by the name that it says so with: what `Admission` holds every request to, and the documents tell. */
export const accesses = {
  'super-administrator': { by: fromConsole, roles: ['administrator'], onlySuperTenant: true, who: 'For administrators of the super tenant.' },
  /** Reads what they read. */
  'super-auditor': { by: fromConsole, roles: ['administrator', 'auditor'], onlySuperTenant: true, who: 'For administrators and auditors of the super tenant.' },
  /** Reads what helps people of any tenant: whether mails go out. */
  'super-staff': { by: fromConsole, roles: ['administrator', 'auditor', 'helpdesk'], onlySuperTenant: true, who: 'For administrators, auditors and the helpdesk of the super tenant.' },
  administrator: { by: fromConsole, roles: ['administrator'], who: 'For administrators.' },
  /** Reads what administrators read. */
  auditor: { by: fromConsole, roles: ['administrator', 'auditor'], who: 'For administrators and auditors.' },
  helpdesk: { by: fromConsole, roles: ['administrator', 'helpdesk'], who: 'For administrators and the helpdesk.' },
  /** Reads what helps a person who has called. */
  staff: { by: fromConsole, roles: ['administrator', 'auditor', 'helpdesk'], who: 'For administrators, auditors and the helpdesk.' },
  /** What recovers for others may hand over a key: no page's to ask, as a script in it would have the key. */
  'recovery-client': { by: ['basic'], roles: ['administrator', 'recovery-client'], who: 'For administrators and recovery clients.' },
  /** Reads what a page for people goes by: portals ask before they show one. */
  portal: { by: fromConsole, roles: ['administrator', 'auditor', 'recovery-client'], who: 'For administrators, auditors and recovery clients.' },
  account: { by: ['basic'], roles: null, who: 'For any account, about itself.' },
  session: { by: ['session'], roles: null, who: 'For whoever is signed in to My Account.' },
  anyone: { by: [], roles: null, who: 'For anyone.' },
} as const satisfies Readonly<Record<string, AccessRule>>;

export type Access = keyof typeof accesses;

export function ruleOf(access: Access): AccessRule {
  return accesses[access];
}
