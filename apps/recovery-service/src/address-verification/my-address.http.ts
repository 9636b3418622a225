import { Body, Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { boundedText, parseBody } from '../http/body.ts';
import { UserNames } from '../http/user-name.ts';
import { AddressLimit } from '../rate-limit/address-limit.ts';
import { confirmedOrRefused } from '../recovery/confirmed-or-refused.ts';
import { AddressVerification } from './address-verification.ts';

const keyRequest = z.strictObject({ key: boundedText(1024) });
const confirmedName = z.object({ username: z.string() });

/** Where the link to another address leads, without credentials: My Account's page asks only once its button is pressed (S35). */
@Controller('api/rekey/v1/address')
export class MyAddress {
  constructor(
    @Inject(AddressVerification) private readonly addressVerification: AddressVerification,
    @Inject(UserNames) private readonly names: UserNames,
    @Inject(AddressLimit) private readonly addressLimit: AddressLimit,
  ) {}

  /** Signs nobody in (S31). */
  @Post('confirm')
  @HttpCode(200)
  @Operation({ summary: 'Confirm another mail address by the key of its mail', access: 'anyone', body: keyRequest, responses: { 200: { description: 'The address is in force.', body: confirmedName } }, errors: ['18001', '18016', 'RKY-10011', 'RKY-10012'] })
  async confirm(@Req() request: FastifyRequest, @Body() body: unknown): Promise<z.output<typeof confirmedName>> {
    const { key } = parseBody(keyRequest, body);
    await this.addressLimit.spend(request.raw);
    const { user } = confirmedOrRefused(await this.addressVerification.confirm(key, await this.names.tenantInPath(request.raw)));
    return { username: user.username };
  }
}
