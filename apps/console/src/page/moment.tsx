import { useFormats } from '@rekey/web';

/** A point in time, in the reader's own language and zone. @param at as ISO 8601 */
export function Moment({ at }: { readonly at: string }) {
  return <time dateTime={at}>{useFormats().moment(at)}</time>;
}
