import { z } from 'zod';
import { boundedText, properties } from '../http/body.ts';
import type { ErrorCode } from '../http/error-catalogue.ts';
import type { ApiVersion } from './flow-code.ts';

/** In what the versions of WSO2's password recovery differ. */
export interface PasswordRecoveryVersion {
  /** Of every call. */
  readonly errors: readonly ErrorCode[];
  /** Of the calls that the flow's own code belongs to. */
  readonly flowErrors: readonly ErrorCode[];
  /** `flowConfirmationCode` in an answer: the field, and how it is filled in. */
  readonly flowField: z.ZodRawShape;
  readonly flowFieldOf: (flowCode: string) => Readonly<Record<string, string>>;
  readonly confirmRequest: z.ZodType<{ confirmationCode: string; otp?: string | undefined }>;
  readonly resetRequest: z.ZodType<{ resetCode: string; password: string; flowConfirmationCode?: string | undefined }>;
}

const code = boundedText(1024);
const newPassword = { resetCode: code, password: z.string().max(4096), properties: properties.optional() };

export const passwordRecoveryVersions: Readonly<Record<ApiVersion, PasswordRecoveryVersion>> = {
  /** Which `identity_mgt.recovery.enable_v1_api` turns off. */
  v1: {
    errors: ['UAR-10017'],
    flowErrors: [],
    flowField: {},
    flowFieldOf: () => ({}),
    confirmRequest: z.strictObject({ confirmationCode: code, properties: properties.optional() }),
    resetRequest: z.strictObject(newPassword),
  },
  /** Where each flow has a code of its own, and a code may be mailed in place of a link. */
  v2: {
    errors: [],
    flowErrors: ['UAR-10008', 'UAR-10015'],
    flowField: { flowConfirmationCode: z.string() },
    flowFieldOf: (flowCode) => ({ flowConfirmationCode: flowCode }),
    confirmRequest: z.strictObject({
      confirmationCode: code.meta({ description: 'The key of the mailed link, or the flow confirmation code where a code was mailed.' }),
      otp: boundedText(64).optional().meta({ description: 'The code that was mailed.' }),
      properties: properties.optional(),
    }),
    resetRequest: z.strictObject({ ...newPassword, flowConfirmationCode: code }),
  },
};
