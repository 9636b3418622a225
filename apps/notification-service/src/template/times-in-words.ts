const minutesPerHour = 60;
const minutesPerDay = 1_440;

type Unit = 'minute' | 'hour' | 'day';

/** There are some four hundred, and whoever has made up another one is told the times in UTC. */
const zonesKept = 500;
/** What is due together tells the same times. */
const wordsKept = 1_000;

/** How one language writes times. Its formats are made once: making them takes longer than rendering a mail. */
export class TimesInWords {
  private readonly moments = new Map<string, Intl.DateTimeFormat>();
  private readonly inUtc: Intl.DateTimeFormat;
  private readonly amounts: Readonly<Record<Unit, Intl.NumberFormat>>;
  private readonly known = new Map<string, string>();

  /** @param language BCP 47, as in `<html lang>` */
  constructor(private readonly language: string) {
    this.inUtc = momentsIn('UTC', language);
    const amountsOf = (unit: Unit) => new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' });
    this.amounts = { minute: amountsOf('minute'), hour: amountsOf('hour'), day: amountsOf('day') };
  }

  /** With the zone's name. @param timeZone IANA's name; one that nobody knows is UTC */
  moment(at: Date, timeZone: string | undefined): string {
    return this.once(`${Math.floor(at.getTime() / 60_000)} ${timeZone ?? ''}`, () => asWritten((timeZone === undefined ? this.inUtc : this.momentsIn(timeZone)).format(at), this.language));
  }

  /** "60 minutes", "24 hours", "2 days": the whole unit that loses nothing, rounded to the minute. */
  span(from: Date, until: Date): string {
    const minutes = Math.max(0, Math.floor((until.getTime() - from.getTime()) / 60_000 + 0.5));
    return this.once(`${minutes}`, () => {
      if (isWhole(minutes, minutesPerDay)) return this.amounts.day.format(minutes / minutesPerDay);
      if (isWhole(minutes, minutesPerHour)) return this.amounts.hour.format(minutes / minutesPerHour);
      return this.amounts.minute.format(minutes);
    });
  }

  private once(key: string, format: () => string): string {
    const known = this.known.get(key);
    if (known !== undefined) return known;
    if (this.known.size >= wordsKept) this.known.clear();
    const words = format();
    this.known.set(key, words);
    return words;
  }

  private momentsIn(timeZone: string): Intl.DateTimeFormat {
    const known = this.moments.get(timeZone);
    if (known) return known;
    let moments: Intl.DateTimeFormat;
    try {
      moments = momentsIn(timeZone, this.language);
    } catch {
      return this.inUtc;
    }
    if (this.moments.size < zonesKept) this.moments.set(timeZone, moments);
    return moments;
  }
}

function momentsIn(timeZone: string, language: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(language, { year: 'numeric', month: 'long', day: 'numeric', hour: 'numeric', minute: '2-digit', timeZoneName: 'short', timeZone });
}

/** French counts the first day of a month and no other one; Unicode's formats do not know that. */
function asWritten(moment: string, language: string): string {
  return language.startsWith('fr') ? moment.replace(/^1(?= )/, '1er') : moment;
}

/** One hour is 60 minutes, two are 2 hours. */
function isWhole(minutes: number, unit: number): boolean {
  return minutes >= 2 * unit && minutes % unit === 0;
}
