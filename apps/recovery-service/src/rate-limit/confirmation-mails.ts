import { canonicalAddress } from '@rekey/identity';
import type { SqlExecutor } from '@rekey/messaging';
import type { Pseudonyms } from './pseudonyms.ts';
import { countRequest } from './rate-limit-statements.ts';

/** Mails that ask to confirm something go to addresses that anybody can name, any number of times: they are counted by address, whatever account they are about, and what one account names is counted too. */
export class ConfirmationMails {
  /** @param perHour asked each time: it follows `deployment.toml`; null: any number */
  constructor(
    private readonly pseudonyms: Pseudonyms,
    private readonly perHour: () => number | null,
  ) {}

  /** @returns whether there was one left for this address */
  async count(database: SqlExecutor, address: string): Promise<boolean> {
    return this.isLeft(database, this.pseudonyms.of('confirmation mails', canonicalAddress(address)));
  }

  /** Of an account's address. @returns whether there was one left for this account */
  async countChange(database: SqlExecutor, userId: string): Promise<boolean> {
    return this.isLeft(database, this.pseudonyms.of('address changes', userId));
  }

  private async isLeft(database: SqlExecutor, subject: string): Promise<boolean> {
    const most = this.perHour();
    return most === null || (await countRequest(database, subject, 3600)).spent <= most;
  }
}
