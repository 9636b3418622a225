import { randomUUID } from 'node:crypto';
import type { Refused, UserManager } from '@rekey/governance';
import { judgeNewDomain, type Roles, type Tenants, type User } from '@rekey/identity';
import { nameIn } from '../http/user-name.ts';
import { claimsOfOwner, type NewOwner } from './tenant-resource.ts';

export type FoundationOutcome = { readonly kind: 'founded'; readonly id: string; readonly owner: User } | { readonly kind: 'malformed' | 'reserved' | 'taken' } | Refused;

/** Makes tenants: never one without an administrator. */
export class TenantFoundation {
  constructor(
    private readonly tenants: Tenants,
    private readonly users: UserManager,
    private readonly roles: Roles,
  ) {}

  /** Tenant, owner and the owner's role in one transaction: of any number who ask for one domain at once, one gets it. */
  async found(domain: string, owner: NewOwner): Promise<FoundationOutcome> {
    const verdict = judgeNewDomain(domain);
    if (verdict !== 'free') return { kind: verdict };
    const id = randomUUID();
    const outcome = await this.users.addUser(nameIn(domain, owner), owner.password, claimsOfOwner(owner), async (tx, { id: ownerId }) => this.roles.grant(ownerId, 'administrator', tx), async (tx) => this.tenants.add(tx, id, domain));
    this.tenants.forget();
    switch (outcome.kind) {
      case 'added':
        return { kind: 'founded', id, owner: outcome.user };
      case 'exists':
        return { kind: 'taken' };
      case 'refused':
        return outcome;
    }
  }
}
