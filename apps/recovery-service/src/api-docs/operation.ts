import { Reflector } from '@nestjs/core';
import type { z } from 'zod';
import type { Access } from './accesses.ts';
import type { ErrorCode } from '../http/error-catalogue.ts';

export interface DescribedResponse {
  /** Markdown. */
  readonly description: string;
  /** None where the answer is empty. Objects are closed: a field that is not in it is one too many. */
  readonly body?: z.ZodType;
  /** Where it is not the API's. */
  readonly type?: string;
}

/** An error of the catalogue, as this operation alone answers it. */
export interface DescribedError {
  readonly code: ErrorCode;
  readonly status: number;
  readonly message: string;
}

/** What a route takes and gives. Its OpenAPI operation is made from this, and the schemas are those that it parses its request with. */
export interface DescribedOperation {
  /** A few words, without a full stop. */
  readonly summary: string;
  /** Markdown, where the summary leaves a question. */
  readonly description?: string;
  /** Who may call. */
  readonly access: Access;
  readonly path?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly headers?: z.ZodObject;
  readonly body?: z.ZodType;
  /** A body to begin with, where the schema leaves open what one writes. */
  readonly example?: unknown;
  /** By status: every success, and an answer of another status that has no error's body. */
  readonly responses: Readonly<Record<number, DescribedResponse>>;
  /** Beside those that its access and its method bring with them (`errors-of-operation.ts`). Their statuses and words are the catalogue's, where nothing else is said. */
  readonly errors?: readonly (ErrorCode | DescribedError)[];
}

/**
 * Describes a controller's method. Whom it is for, is held to before the method is called; the method itself parses, with the same schemas.
 *
 * ```ts
 * const codeRequest = z.strictObject({ code: boundedText(1024) });
 * const owner = z.object({ username: z.string() });
 *
 * @Post('validate-code')
 * @HttpCode(202)
 * @Operation({ summary: 'Whose code it is', access: 'administrator', body: codeRequest, responses: { 202: { description: 'It is live.', body: owner } }, errors: ['18001'] })
 * async validateCode(@Req() request: FastifyRequest, @Body() body: unknown): Promise<z.output<typeof owner>> {
 *   const { code } = parseBody(codeRequest, body);
 * ```
 */
export const Operation = Reflector.createDecorator<DescribedOperation>();
