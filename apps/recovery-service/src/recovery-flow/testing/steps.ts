import type { Answer, ErrorBody, ServiceUnderTest } from '../../testing/service-under-test.ts';

/** What the answers of the steps have; each has some of it. */
export interface StepBody extends ErrorBody {
  readonly flowConfirmationCode: string;
  readonly recoveryCode: string;
  readonly notificationChannel: string;
  readonly confirmationCode: string;
  readonly resendCode: string;
  readonly resetCode: string;
  readonly channels: readonly { readonly id: string; readonly type: string; readonly value: string; readonly preferred: boolean }[];
}

export type Version = 'v1' | 'v2';

/** The calls of one version, in one tenant's path. */
export class Steps {
  constructor(
    private readonly service: ServiceUnderTest,
    readonly version: Version,
    private readonly tenant = 'carbon.super',
  ) {}

  async call(step: string, body: unknown, as?: string | null): Promise<Answer> {
    return this.service.ask(`/t/${this.tenant}/api/users/${this.version}/recovery/${step}`, { body, ...(as === undefined ? {} : { as }) });
  }

  async init(username: string): Promise<Answer> {
    return this.call('password/init', { claims: [{ uri: 'http://wso2.org/claims/username', value: username }], properties: [] });
  }

  async recover(recoveryCode: unknown, channelId: unknown = '1', properties: unknown = []): Promise<Answer> {
    return this.call('password/recover', { recoveryCode, channelId, properties });
  }

  async resend(resendCode: unknown): Promise<Answer> {
    return this.call('password/resend', { resendCode, properties: [] });
  }

  async confirm(confirmationCode: unknown, otp?: unknown): Promise<Answer> {
    return this.call('password/confirm', { confirmationCode, ...(otp === undefined ? {} : { otp }), properties: [] });
  }

  async reset(resetCode: unknown, password: unknown, flowConfirmationCode?: unknown): Promise<Answer> {
    return this.call('password/reset', { resetCode, ...(flowConfirmationCode === undefined ? {} : { flowConfirmationCode }), password, properties: [] });
  }

  /** As far as the mail. @returns what `init` and `recover` gave */
  async toMail(username: string): Promise<Pick<StepBody, 'recoveryCode' | 'flowConfirmationCode' | 'resendCode' | 'confirmationCode'>> {
    const { recoveryCode, flowConfirmationCode } = started(await this.init(username));
    const { resendCode, confirmationCode } = bodyOf(await this.recover(recoveryCode));
    return { recoveryCode, flowConfirmationCode, resendCode, confirmationCode };
  }
}

export function bodyOf(answer: Answer): StepBody {
  return answer.body as StepBody; // whatever the test then expects of it
}

/** The one way that an `init` offers, flattened. */
export function started(answer: Answer): StepBody {
  const [way] = answer.body as { channelInfo: object }[];
  return { ...way, ...way?.channelInfo } as StepBody; // as above
}

export const outcomeOf = (answer: Answer): readonly [number, string] => [answer.status, bodyOf(answer).code];
