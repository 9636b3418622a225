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

function readable(line: string): { at: Date; text: string } {
  const entry = parseEntry(line);
  if (!entry) return { at: new Date(), text: line };
  const { level, time, msg, name: _name, pid: _pid, hostname: _hostname, ...fields } = entry;
  const rest = Object.entries(fields).map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const at = new Date(typeof time === 'number' ? time : Date.now());
  return { at, text: [levels[Number(level)] ?? '', String(msg ?? ''), ...rest].filter(Boolean).join(' ') };
}

function parseEntry(line: string): Record<string, unknown> | null {
  if (!line.startsWith('{')) return null;
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === 'object' && entry !== null ? (entry as Record<string, unknown>) : null; // an object from JSON has string keys
  } catch {
    return null;
  }
}
