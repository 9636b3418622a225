import { z } from 'zod';
import { change, filledMail, ofTenant } from './mail-template-request.ts';

/** WCAG 2.2, 1.4.3, of text of this size. */
const leastContrast = 4.5;
/** What the words of a mail stand on, whatever its brand. */
export const mailCardColor = '#ffffff';

const line = (max: number) => z.string().min(1).max(max).regex(/^[^\p{Cc}\p{Surrogate}\u2028\u2029\u202A-\u202E\u2066-\u2069]*$/u, 'must be one line of Unicode text');
const color = z.string().regex(/^#[\da-f]{6}$/i, 'expected a colour such as "#2450a8"').meta({ description: 'Such as `#2450a8`.' });

const colors = z
  .strictObject({
    primary: color.default('#2450a8'),
    background: color.default('#f3f5f8'),
    text: color.default('#1c2430'),
    buttonText: color.default('#ffffff'),
  })
  .superRefine(({ primary, text, buttonText }, context) => {
    const pairs = [['buttonText', buttonText, primary, 'the button'], ['text', text, mailCardColor, 'the mail']] as const;
    for (const [name, front, back, place] of pairs) {
      // Down: 4.499 is not 4.5.
      const measured = Math.floor(contrast(front, back) * 100) / 100;
      if (measured < leastContrast) context.addIssue({ code: 'custom', path: [name], message: `${front} on ${back}, the colour of ${place}, has a contrast of ${measured.toFixed(2)}:1, expected at least ${leastContrast}:1` });
    }
  });

/** What makes the mails of a tenant its own. What is missing is the deployment's. */
export const mailBrand = z.strictObject({
  /** Default: the name in the mails' From. */
  name: line(100).optional(),
  logo: z.strictObject({ url: z.url({ protocol: /^https$/, error: 'expected an https address' }).max(2_048).regex(/^[^\s"'<>{}\\]*$/, 'expected an https address'), alt: line(100) }).optional(),
  colors: colors.prefault({}),
  support: z.email().max(254).optional(),
  footer: line(200).optional(),
});

export type MailBrand = z.output<typeof mailBrand>;

/** The type of the signed request about it, as `mailTemplateRequestType` is of those about templates. */
export const mailBrandRequestType = 'MailBrandRequest';

export const mailBrandRequest = z.discriminatedUnion('ask', [
  z.strictObject({ ask: z.literal('read'), ...ofTenant }),
  z.strictObject({ ask: z.literal('replace'), ...ofTenant, ...change, brand: mailBrand }),
  z.strictObject({ ask: z.literal('remove'), ...ofTenant, ...change }),
  z.strictObject({ ask: z.literal('preview'), ...ofTenant, brand: mailBrand }),
]);

export type MailBrandRequest = z.output<typeof mailBrandRequest>;

export const mailBrandOutcome = z.discriminatedUnion('kind', [
  /** What the mails of the tenant have from now on. */
  z.object({ kind: z.literal('brand'), brand: mailBrand }),
  z.object({ kind: z.literal('preview'), ...filledMail.shape }),
]);

export type MailBrandOutcome = z.output<typeof mailBrandOutcome>;

/** https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio; colours are `#rrggbb` */
export function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(rgb: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(rgb.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
