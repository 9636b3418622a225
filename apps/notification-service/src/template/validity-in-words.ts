const minutesPerHour = 60;
const minutesPerDay = 1_440;

/** "60 minutes", "24 hours", "2 days": the whole unit that loses nothing, rounded down to the minute, in the mail's language. */
export function validityInWords(from: Date, until: Date, language: string): string {
  const minutes = Math.max(0, Math.floor((until.getTime() - from.getTime()) / 60_000 + 0.5));
  const [amount, unit] =
    minutes >= 2 * minutesPerDay && minutes % minutesPerDay === 0 ? [minutes / minutesPerDay, 'day'] : minutes >= 2 * minutesPerHour && minutes % minutesPerHour === 0 ? [minutes / minutesPerHour, 'hour'] : [minutes, 'minute'];
  return new Intl.NumberFormat(language, { style: 'unit', unit: String(unit), unitDisplay: 'long' }).format(Number(amount));
}
