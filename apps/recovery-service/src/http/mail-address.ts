import { boundedText } from './body.ts';

/** One plain address, nothing that a mail header or an address parser could read as two (CVE-2025-13033): no quotes, comments, groups or lists. */
export const mailAddress = boundedText(320).regex(/^[^\s@<>()[\]\\,;:"\p{Cc}\p{Cf}]+@[^\s@<>()[\]\\,;:"\p{Cc}\p{Cf}]+$/u, 'expected one mail address');
