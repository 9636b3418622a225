import { Body, Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { boundedText, parseBody } from '../http/body.ts';
import { ClientAddresses } from '../http/client-address.ts';
import { ApiError } from '../http/error-catalogue.ts';
import { passwordRefused } from '../http/password-refused.ts';
import { refuseOtherSites } from '../http/same-site.ts';
import { UserNames } from '../http/user-name.ts';
import { AddressLimit } from '../rate-limit/address-limit.ts';
import { SignIns } from '../rate-limit/sign-ins.ts';
import { PasswordRecovery, type RequestOutcome } from './password-recovery.ts';

const nameRequest = z.strictObject({ username: boundedText(255) });
const keyRequest = z.strictObject({ key: boundedText(1024) });
const resetRequest = z.strictObject({ key: boundedText(1024), password: z.string().max(4096) });

export interface ShownPasswordPolicy {
  readonly minLength: number;
  readonly maxLength: number;
}

/** What My Account's pages ask, without credentials: the answers tell a stranger nothing. */
@Controller('api/rekey/v1/recovery')
export class MyAccountRecovery {
  constructor(
    @Inject(PasswordRecovery) private readonly recovery: PasswordRecovery,
    @Inject(UserNames) private readonly names: UserNames,
    @Inject(AddressLimit) private readonly addressLimit: AddressLimit,
    @Inject(SignIns) private readonly signIns: SignIns,
    @Inject(ClientAddresses) private readonly addresses: ClientAddresses,
    @Inject('passwordPolicy') private readonly passwordPolicy: () => ShownPasswordPolicy,
  ) {}

  @Post()
  @HttpCode(202)
  async request(@Req() request: FastifyRequest, @Body() body: unknown): Promise<Record<string, never>> {
    return this.accept(request, body, (name) => this.recovery.request(name));
  }

  @Post('resend')
  @HttpCode(202)
  async sendAgain(@Req() request: FastifyRequest, @Body() body: unknown): Promise<Record<string, never>> {
    return this.accept(request, body, (name) => this.recovery.sendAgain(name));
  }

  @Post('key')
  @HttpCode(200)
  async check(@Req() request: FastifyRequest, @Body() body: unknown): Promise<{ passwordPolicy: ShownPasswordPolicy }> {
    refuseOtherSites(request);
    const { key } = parseBody(keyRequest, body);
    await this.addressLimit.spend(request.raw);
    if (!(await this.recovery.check(key, await this.names.tenantInPath(request.raw)))) throw new ApiError('18001');
    const { minLength, maxLength } = this.passwordPolicy();
    return { passwordPolicy: { minLength, maxLength } };
  }

  /** Signs nobody in: whoever has the link alone must not pass for a signed-in person (S31). */
  @Post('reset')
  @HttpCode(200)
  async reset(@Req() request: FastifyRequest, @Body() body: unknown): Promise<{ username: string }> {
    refuseOtherSites(request);
    const { key, password } = parseBody(resetRequest, body);
    await this.addressLimit.spend(request.raw);
    const outcome = await this.recovery.reset(key, password, await this.names.tenantInPath(request.raw), this.addresses.of(request.raw));
    switch (outcome.kind) {
      case 'reset':
        await this.signIns.forgetGuesses(outcome.user);
        await this.signIns.rememberHere(request.raw, outcome.user);
        return { username: outcome.user.username };
      case 'key-not-live':
        throw new ApiError('18001');
      case 'password-refused':
        throw passwordRefused(outcome, key);
    }
  }

  private async accept(request: FastifyRequest, body: unknown, ask: (name: Awaited<ReturnType<UserNames['resolve']>>) => Promise<RequestOutcome>): Promise<Record<string, never>> {
    refuseOtherSites(request);
    const { username } = parseBody(nameRequest, body);
    await this.addressLimit.spend(request.raw);
    const outcome = await ask(await this.names.resolve(request.raw, { username }));
    if (outcome.kind === 'refused') throw new ApiError(outcome.code);
    return {};
  }
}
