import { Body, Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { askedByName, refuseUnsolved } from '../captcha/asked-by-name.ts';
import { Captcha } from '../captcha/captcha.ts';
import { boundedText, parseBody } from '../http/body.ts';
import { ClientAddresses } from '../http/client-address.ts';
import { UserNames } from '../http/user-name.ts';
import { AddressLimit } from '../rate-limit/address-limit.ts';
import { confirmedOrRefused } from '../recovery/confirmed-or-refused.ts';
import { SelfRegistration } from './self-registration.ts';

const keyRequest = z.strictObject({ key: boundedText(1024) });
const confirmedAccount = z.object({ username: z.string(), callback: z.string().optional().meta({ description: 'Where the person goes on, as the registration said.' }) });

/** Where the link in the mail leads, without credentials: My Account's page asks only once its button is pressed (S35). */
@Controller('api/rekey/v1/registration')
export class MyRegistration {
  constructor(
    @Inject(SelfRegistration) private readonly selfRegistration: SelfRegistration,
    @Inject(UserNames) private readonly names: UserNames,
    @Inject(Captcha) private readonly captcha: Captcha,
    @Inject(AddressLimit) private readonly addressLimit: AddressLimit,
    @Inject(ClientAddresses) private readonly addresses: ClientAddresses,
  ) {}

  /** Signs nobody in: whoever has the link alone must not pass for a signed-in person (S31). */
  @Post('confirm')
  @HttpCode(200)
  @Operation({ summary: 'Confirm an account by the key of its mail', access: 'anyone', body: keyRequest, responses: { 200: { description: 'The account is open.', body: confirmedAccount } }, errors: ['18001', '18016', 'RKY-10011', 'RKY-10012'] })
  async confirm(@Req() request: FastifyRequest, @Body() body: unknown): Promise<z.output<typeof confirmedAccount>> {
    const { key } = parseBody(keyRequest, body);
    await this.addressLimit.spend(request.raw);
    const { user, callback } = confirmedOrRefused(await this.selfRegistration.confirm(key, await this.names.tenantInPath(request.raw), this.addresses.of(request.raw)));
    return { username: user.username, ...(callback === null ? {} : { callback }) };
  }

  @Post('resend')
  @HttpCode(202)
  @Operation({
    summary: 'Mail the link to confirm an account again',
    description: 'Known and unknown users get the same answer, whether or not there is anything to confirm.',
    access: 'anyone',
    body: askedByName,
    responses: { 202: { description: 'Accepted.', body: z.object({}) } },
    errors: ['18016', 'RKY-10008', 'RKY-10011', 'RKY-10130'],
  })
  async sendAgain(@Req() request: FastifyRequest, @Body() body: unknown): Promise<Record<string, never>> {
    const { username, captcha } = parseBody(askedByName, body);
    await this.addressLimit.spend(request.raw);
    const name = await this.names.resolve(request.raw, { username });
    refuseUnsolved(await this.captcha.admit(captcha, { tenantDomain: name.tenantDomain, purpose: 'confirmation-resend' }, this.addresses.of(request.raw)));
    await this.selfRegistration.sendAgain(name, this.addresses.of(request.raw));
    return {};
  }
}
