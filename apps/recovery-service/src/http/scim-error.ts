import { ApiError, errorBody, type ErrorCode } from './error-catalogue.ts';

/** The keywords of RFC 7644, table 9, that are used here. */
export type ScimType = 'invalidFilter' | 'invalidPath' | 'invalidSyntax' | 'invalidValue' | 'mutability' | 'noTarget' | 'tooMany' | 'uniqueness';

/** An error whose SCIM keyword does not follow from its code. */
export class ScimError extends ApiError {
  constructor(
    readonly scimType: ScimType,
    description: string,
    code: ErrorCode = 'RKY-10001',
  ) {
    super(code, description);
  }
}

const typeOfCode: { readonly [Code in ErrorCode]?: ScimType } = { '18003': 'invalidValue', 'RKY-10001': 'invalidValue', 'RKY-10006': 'uniqueness', 'RKY-10008': 'invalidValue' };

/** SCIM's error body (RFC 7644 section 3.12) and WSO2's four fields in one: clients of either find what they look for. */
export function scimErrorBody(error: ApiError, traceId: string): Record<string, unknown> {
  const scimType = error instanceof ScimError ? error.scimType : typeOfCode[error.code];
  return { schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: String(error.status), ...(scimType ? { scimType } : {}), detail: error.description, ...errorBody(error, traceId) };
}

export const scimMediaType = 'application/scim+json';

/** Whether an address, without its tenant, is one of SCIM's. */
export function isScim(url: string): boolean {
  return /^\/scim2[/?]/.test(url);
}
