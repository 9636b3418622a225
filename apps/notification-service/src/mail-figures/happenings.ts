/** Classes of a doubling of the time that mails took: what is told of a class is right to within a tenth. */
const classesOfDoubling = 4;

/**
 * Everything that is counted, from `$1` on and before `$2`: that a mail came in (`ACCEPTED`), and that one ended, with its state. It is written down by the
 * minute once that is over, and counted from the mails themselves until then.
 */
export const happenings = `
  SELECT tenant_domain, received_at AS at, 'ACCEPTED' AS happening, 0 AS took FROM filed_mail WHERE received_at >= $1::timestamptz AND received_at < $2::timestamptz
  UNION ALL
  SELECT tenant_domain, finished_at, state, CASE WHEN state = 'SENT' THEN ceil(${classesOfDoubling} * ln(greatest(1, extract(epoch FROM sent_at - created_at)::float8 * 1000)) / ln(2)) ELSE 0 END
  FROM inbox WHERE finished_at >= $1::timestamptz AND finished_at < $2::timestamptz`;

/** Milliseconds in the middle of a class. */
export function msOfClass(took: number): number {
  return Math.round(2 ** ((took - 0.5) / classesOfDoubling));
}
