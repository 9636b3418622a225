import { BadRequestException, Controller, HttpCode, Post, Req, UnauthorizedException, type RawBodyRequest } from '@nestjs/common';
import { ServiceRequests, type ServiceAnswer } from './service-requests.ts';

/** The signed door for the recovery service, where it is a process of its own. */
@Controller('requests')
export class ServiceRequestsDoor {
  constructor(private readonly requests: ServiceRequests) {}

  @Post()
  @HttpCode(200)
  async ask(@Req() { headers, rawBody }: RawBodyRequest<{ headers: Record<string, string | string[] | undefined> }>): Promise<ServiceAnswer> {
    const answer = await this.requests.answer({ headers, body: rawBody ?? Buffer.alloc(0) });
    if (answer.kind === 'not-believed') throw new UnauthorizedException();
    if (answer.kind === 'malformed') throw new BadRequestException(answer.reason);
    return answer;
  }
}
