const levels: Readonly<Record<number, string>> = { 10: 'trace', 20: 'debug', 30: '', 40: 'warn', 50: 'ERROR', 60: 'FATAL' };
const colours = [36, 32, 35, 33, 34, 96, 92, 95];
const nameWidth = 22;

/** One log of many processes: time, process, message, and the fields behind it. JSON lines are pino's; anything else is printed as it is. */
export function readableLog(write: (text: string) => void, colourful: boolean): (name: string, line: string) => void {
  const colourOf = new Map<string, number>();
  return (name, line) => {
    const colour = colourOf.get(name) ?? colours[colourOf.size % colours.length] ?? 36;
    colourOf.set(name, colour);
    const label = colourful ? `\u001b[${colour}m${name.padEnd(nameWidth)}\u001b[0m` : name.padEnd(nameWidth);
    const { at, text } = readable(line);
    if (text !== '') write(`${at.toTimeString().slice(0, 8)} ${label} ${text}\n`);
  };
}

/** Of a service's line, the message alone. */
export function messageIn(line: string): string {
  return textOf(parseEntry(line)?.['msg'] ?? line);
}

function readable(line: string): { at: Date; text: string } {
  const entry = parseEntry(line);
  if (!entry) return { at: new Date(), text: line };
  const { level, time, msg, name: _name, pid: _pid, hostname: _hostname, err, ...fields } = entry;
  const rest = Object.entries(fields).map(([key, value]) => `${key}=${textOf(value)}`);
  const at = new Date(typeof time === 'number' ? time : Date.now());
  return { at, text: [levels[Number(level)] ?? '', textOf(msg ?? ''), ...rest, stackOf(err)].filter(Boolean).join(' ') };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Of pino's serialized error: on lines of its own, as in any log. */
function stackOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'stack' in error ? `\n${String(error.stack)}` : '';
}

function parseEntry(line: string): Record<string, unknown> | null {
  if (!line.startsWith('{')) return null;
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === 'object' && entry !== null ? { ...entry } : null;
  } catch {
    return null;
  }
}
