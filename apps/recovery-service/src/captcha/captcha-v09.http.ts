import { Body, Controller, Get, HttpCode, Inject, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { boundedText, parseBody, textOrNone } from '../http/body.ts';
import { UserNames } from '../http/user-name.ts';
import { recoveryTypes } from './captcha-verifier.ts';
import { Captcha } from './captcha.ts';

const verifyQuery = z.object({ 'captcha-type': z.literal('ReCaptcha'), 'tenant-domain': textOrNone(255) });
const shownQuery = verifyQuery.extend({ 'recovery-type': z.enum(recoveryTypes) });
const verifyRequest = z.strictObject({ token: boundedText(8192) });
const shownCaptcha = z.object({
  reCaptchaEnabled: z.boolean(),
  reCaptchaType: z.string().optional().meta({ description: '`proof-of-work`, or what the verifier of `[captcha]` says.' }),
  reCaptchaKey: z.string().optional(),
  reCaptchaAPI: z.string().optional(),
  challenge: z.record(z.string(), z.unknown()).nullish().meta({ description: 'Rekey’s: an ALTCHA challenge, to be solved once; null where another verifier has challenges elsewhere.' }),
});
const verified = z.object({ success: z.boolean() });

/** The challenges of WSO2's recovery API v0.9: a portal shows one, and has the solution checked before it asks for a person. */
@Controller('api/identity/recovery/v0.9/captcha')
export class CaptchaV09 {
  constructor(
    @Inject(Captcha) private readonly captcha: Captcha,
    @Inject(UserNames) private readonly names: UserNames,
  ) {}

  @Get()
  @Operation({ summary: 'Tell whether a challenge is to be solved, and give one', access: 'recovery-client', query: shownQuery, responses: { 200: { description: 'What the tenant demands.', body: shownCaptcha } } })
  async show(@Req() request: FastifyRequest, @Query() query: unknown): Promise<z.output<typeof shownCaptcha>> {
    const { 'recovery-type': purpose, 'tenant-domain': inQuery } = parseBody(shownQuery, query);
    const tenantDomain = await this.names.tenant(request.raw, inQuery);
    if (!(await this.captcha.isDemanded(tenantDomain, purpose))) return { reCaptchaEnabled: false };
    const { widget } = this.captcha.verifier;
    return { reCaptchaEnabled: true, reCaptchaType: widget.type, reCaptchaKey: widget.key, reCaptchaAPI: widget.api, challenge: await this.captcha.verifier.challengeFor({ tenantDomain, purpose }) };
  }

  /** A solution counts once: asked again, the answer is no. */
  @Post()
  @HttpCode(200)
  @Operation({ summary: 'Check a solution, which counts once', access: 'recovery-client', query: verifyQuery, body: verifyRequest, responses: { 200: { description: 'Whether it is one.', body: verified } } })
  async verify(@Req() request: FastifyRequest, @Query() query: unknown, @Body() body: unknown): Promise<z.output<typeof verified>> {
    const { 'tenant-domain': inQuery } = parseBody(verifyQuery, query);
    const { token } = parseBody(verifyRequest, body);
    return { success: await this.captcha.spend(token, { tenantDomain: await this.names.tenant(request.raw, inQuery), purpose: null }) };
  }
}
