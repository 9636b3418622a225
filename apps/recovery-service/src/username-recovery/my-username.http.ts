import { Body, Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { AuditLog, ConnectorSettings } from '@rekey/governance';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { captchaSolution, refuseUnsolved } from '../captcha/asked-by-name.ts';
import { Captcha } from '../captcha/captcha.ts';
import { boundedText, parseBody } from '../http/body.ts';
import { ClientAddresses } from '../http/client-address.ts';
import { ApiError } from '../http/error-catalogue.ts';
import { UserNames } from '../http/user-name.ts';
import { AddressLimit } from '../rate-limit/address-limit.ts';
import { handsOver } from '../recovery/hands-over.ts';
import { UsernameRecovery } from './username-recovery.ts';

const usernameRequest = z.strictObject({
  claims: z.array(z.strictObject({ uri: boundedText(255), value: boundedText(1024) })).max(20),
  captcha: captchaSolution,
});

/** A forgotten username, for whoever asks at My Account's pages: without credentials, so that the answer is the same whoever has the claims. */
@Controller('api/rekey/v1/username-recovery')
export class MyUsername {
  constructor(
    @Inject(UsernameRecovery) private readonly recovery: UsernameRecovery,
    @Inject(ConnectorSettings) private readonly settings: ConnectorSettings,
    @Inject(UserNames) private readonly names: UserNames,
    @Inject(Captcha) private readonly captcha: Captcha,
    @Inject(AddressLimit) private readonly addressLimit: AddressLimit,
    @Inject(ClientAddresses) private readonly addresses: ClientAddresses,
    @Inject(AuditLog) private readonly audit: AuditLog,
  ) {}

  @Post()
  @HttpCode(202)
  @Operation({
    summary: 'Mail the username to whoever has these claims',
    description: 'Of the claims that `GET /recovery/ways` lists, at least one, each once; the mail goes to the one account that has all of them.',
    access: 'anyone',
    body: usernameRequest,
    example: { claims: [{ uri: 'http://wso2.org/claims/emailaddress', value: 'kim@example.com' }] },
    responses: { 202: { description: 'Accepted: the same for everybody’s claims, and nobody’s.', body: z.object({}) } },
    errors: ['18016', '20014', '20031', 'RKY-10011', 'RKY-10130'],
  })
  async request(@Req() request: FastifyRequest, @Body() body: unknown): Promise<Record<string, never>> {
    const { claims, captcha } = parseBody(usernameRequest, body);
    await this.addressLimit.spend(request.raw);
    const tenantDomain = await this.names.tenant(request.raw);
    const clientAddress = this.addresses.of(request.raw);
    // An organisation that brings usernames to its people itself has no mail for them.
    if (await handsOver(this.settings, tenantDomain)) throw this.refused('20031', tenantDomain);
    refuseUnsolved(await this.captcha.admit(captcha, { tenantDomain, purpose: 'username-recovery' }, clientAddress));
    const sought = await this.recovery.find(tenantDomain, claims);
    if (sought.kind === 'refused') throw this.refused(sought.code, tenantDomain);
    await this.recovery.mail(sought, clientAddress);
    this.audit.act({ operation: 'requestUsername', tenantDomain, user: null });
    return {};
  }

  private refused(code: '20014' | '20031', tenantDomain: string): ApiError {
    this.audit.act({ operation: 'requestUsername', tenantDomain, user: null, outcome: code });
    return new ApiError(code);
  }
}
