import { Body, Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { mailTemplate } from '@rekey/events';
import { UserManager } from '@rekey/governance';
import { Database } from '@rekey/messaging';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { parseBody } from '../http/body.ts';
import { callerOf } from '../http/caller.ts';
import { ApiError, TooManyRequests } from '../http/error-catalogue.ts';
import { UserNames } from '../http/user-name.ts';
import { countRequest } from '../rate-limit/rate-limit-statements.ts';
import { addressOf } from '../recovery/account.ts';
import { MailTemplateRequests } from './mail-template-requests.ts';

/** Of each administrator: enough to look at a mail in several programs. */
const testsPerHour = 20;

const sent = z.object({ reference: z.string().meta({ description: 'As the mail has it.' }) });

/** Rekey's: a template as it looks in a mailbox, before anybody saves it. */
@Controller('api/rekey/v1/mail-templates')
export class TemplateTest {
  constructor(
    @Inject(MailTemplateRequests) private readonly requests: MailTemplateRequests,
    @Inject(UserNames) private readonly names: UserNames,
    @Inject(UserManager) private readonly users: UserManager,
    @Inject(Database) private readonly database: Database,
  ) {}

  @Post('test-send')
  @HttpCode(202)
  @Operation({
    summary: 'Mail a template to oneself',
    description: `Filled in with the data of nobody and a key that opens nothing, marked as a test, to the address of whoever asks and to no other; ${testsPerHour} an hour.`,
    access: 'administrator',
    body: mailTemplate,
    responses: { 202: { description: 'It is on its way.', body: sent } },
    errors: ['18018'],
  })
  async send(@Req() request: FastifyRequest, @Body() body: unknown): Promise<z.output<typeof sent>> {
    const { user } = callerOf(request.raw);
    const tenantDomain = await this.names.tenant(request.raw);
    const template = parseBody(mailTemplate, body);
    const address = addressOf({ claims: await this.users.getClaims(user) });
    if (address === null) throw new ApiError('18018', 'You have no e-mail address that a test could go to.');
    const { spent, secondsLeft } = await countRequest(this.database, `template test of ${user.id}`, 3_600);
    if (spent > testsPerHour) throw new TooManyRequests(secondsLeft, `These were ${testsPerHour} test mails within an hour; try again later.`);
    const { reference } = await this.requests.ask({ ask: 'test', tenantDomain, template, recipient: { address, user: { id: user.id, username: user.username, realm: user.realm } } }, 'test');
    return { reference };
  }
}
