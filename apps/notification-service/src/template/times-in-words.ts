const minutesPerHour = 60;
const minutesPerDay = 1_440;

type Unit = 'minute' | 'hour' | 'day';

/** How one language writes times. Its formats are made once: making them takes longer than rendering a mail. */
export class TimesInWords {
  private readonly moments: Intl.DateTimeFormat;
  private readonly amounts: Readonly<Record<Unit, Intl.NumberFormat>>;

  /** @param language BCP 47, as in `<html lang>` */
  constructor(language: string) {
    this.moments = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
    const amountsOf = (unit: Unit) => new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' });
    this.amounts = { minute: amountsOf('minute'), hour: amountsOf('hour'), day: amountsOf('day') };
  }

  /** In UTC, whose name the template adds. */
  moment(at: Date): string {
    return this.moments.format(at);
  }

  /** "60 minutes", "24 hours", "2 days": the whole unit that loses nothing, rounded to the minute. */
  span(from: Date, until: Date): string {
    const minutes = Math.max(0, Math.floor((until.getTime() - from.getTime()) / 60_000 + 0.5));
    if (isWhole(minutes, minutesPerDay)) return this.amounts.day.format(minutes / minutesPerDay);
    if (isWhole(minutes, minutesPerHour)) return this.amounts.hour.format(minutes / minutesPerHour);
    return this.amounts.minute.format(minutes);
  }
}

/** One hour is 60 minutes, two are 2 hours. */
function isWhole(minutes: number, unit: number): boolean {
  return minutes >= 2 * unit && minutes % unit === 0;
}
