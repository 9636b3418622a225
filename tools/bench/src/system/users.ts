import type { Client } from 'pg';

const namePrefix = 'bench-';
const batchSize = 50_000;

export function usernameOf(user: number): string {
  return `${namePrefix}${user}`;
}

export function addressOf(user: number): string {
  return `${namePrefix}${user}@example.com`;
}

/** @returns null for an address that is none of ours */
export function userOfAddress(address: string): number | null {
  const digits = /^bench-(\d+)@/.exec(address)?.[1];
  return digits === undefined ? null : Number(digits);
}

/**
 * The users of one run, and who of them has been asked for. They are written straight into the recovery service's database: through
 * its API each would take a password hash, 17 ms. Nobody is asked for twice, so that no request meets the cooldown of an earlier one.
 */
export class Users {
  private next = 0;
  private present = 0;

  constructor(private readonly database: Client) {}

  get population(): number {
    return this.present;
  }

  /** Makes sure that there are as many. */
  async provide(count: number): Promise<void> {
    for (; this.present < count; this.present = Math.min(count, this.present + batchSize)) {
      await this.database.query(insertUsers, [this.present, Math.min(count, this.present + batchSize) - 1, namePrefix]);
    }
    await this.database.query('ANALYZE user_account');
  }

  /** @returns the number of the first of so many users whom nobody has asked for yet */
  async take(count: number): Promise<number> {
    const first = this.next;
    this.next += count;
    if (this.next > this.present) await this.provide(this.next);
    return first;
  }
}

const insertUsers = `
  INSERT INTO user_account (id, tenant_domain, realm, username, username_key, password_hash, claims)
  SELECT gen_random_uuid(), 'carbon.super', 'PRIMARY', $3 || n, $3 || n, NULL,
         jsonb_build_object('http://wso2.org/claims/emailaddress', $3 || n || '@example.com', 'http://wso2.org/claims/givenname', 'Kim', 'http://wso2.org/claims/lastname', 'Meyer')
  FROM generate_series($1::integer, $2::integer) AS n`;
