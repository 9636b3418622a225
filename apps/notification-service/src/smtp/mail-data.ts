const dot = 0x2e;
const crlf = Buffer.from('\r\n');

/**
 * A message as it goes out behind the 354 (RFC 5321 section 4.5.2): lines that begin with a dot get another one, and a dot alone ends it. A dot counts as the
 * beginning of a line behind a bare CR or LF, too: to some relay it may be one, and what follows then another mail (CVE-2023-51764).
 * @param raw with CRLF
 * @returns its lines, and its end
 */
export function mailData(raw: Buffer): readonly [Buffer, string] {
  const hasDots = raw[0] === dot || raw.includes('\n.') || raw.includes('\r.');
  const lines = hasDots ? Buffer.from(raw.toString('latin1').replace(/(?<![^\r\n])\./g, '..'), 'latin1') : raw;
  return [lines, lines.subarray(-crlf.length).equals(crlf) ? '.\r\n' : '\r\n.\r\n'];
}
