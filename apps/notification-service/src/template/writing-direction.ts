const fromRightToLeft = /^(?:ar|ckb|dv|fa|he|ps|sd|ug|ur|yi)(?:_|-|$)/i;

/** @param locale as WSO2 writes it: `ar_EG` */
export function directionOf(locale: string): 'ltr' | 'rtl' {
  return fromRightToLeft.test(locale) ? 'rtl' : 'ltr';
}

/** As in `<html lang>`: `en-US`. */
export function languageOf(locale: string): string {
  return locale.replaceAll('_', '-');
}
