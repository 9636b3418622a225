import type { IncomingMessage } from 'node:http';
import { ApiError } from '../http/error-catalogue.ts';
import type { UserNames } from '../http/user-name.ts';
import type { ApiVersion, FlowDoor } from './flow-code.ts';

/** Which version and tenant a call of WSO2's account recovery API is for. */
export class FlowDoors {
  constructor(
    private readonly names: UserNames,
    private readonly isV1Enabled: () => boolean,
  ) {}

  /** @throws ApiError UAR-10017 where `identity_mgt.recovery.enable_v1_api` is off, 18016 for an unknown tenant */
  async enter(request: IncomingMessage, version: ApiVersion): Promise<FlowDoor> {
    if (version === 'v1' && !this.isV1Enabled()) throw new ApiError('UAR-10017');
    return { version, tenantDomain: await this.names.tenant(request) };
  }
}
