import { templateLocale, templateTypeName } from '@rekey/events';
import { z } from 'zod';
import { ApiError } from '../http/error-catalogue.ts';

/** Of one template, for the API's document. */
export const templatePath = z.object({
  type: z.string().meta({ description: 'Such as `PasswordReset`.' }),
  locale: z.string().meta({ description: 'Such as `en_US`.' }),
});

const readPath = z.object({ type: templateTypeName, locale: templateLocale });

/** @throws ApiError ETM-50003 where no template can have such names */
export function templateIn(path: unknown): z.output<typeof readPath> {
  const { data } = readPath.safeParse(path);
  if (!data) throw new ApiError('ETM-50003');
  return data;
}
