import { useTranslation } from 'react-i18next';

/** Writes what is not words as the reader's language does. */
export interface Formats {
  readonly number: (value: number) => string;
  /** A day. @param at as ISO 8601 */
  readonly date: (at: string) => string;
  /** A day and a time of it, in the reader's zone. @param at as ISO 8601 */
  readonly moment: (at: string) => string;
  /** A time of a day that is known, to the minute. @param at as ISO 8601 */
  readonly time: (at: string) => string;
  /** Likewise, to the hour. @param at as ISO 8601 */
  readonly hour: (at: string) => string;
  /** A day of a year that is known. @param at as ISO 8601 */
  readonly dayOfMonth: (at: string) => string;
  /** With the unit that suits its length. */
  readonly duration: (ms: number) => string;
}

const made = new Map<string, Formats>();

export function useFormats(): Formats {
  const { language } = useTranslation('web').i18n;
  const formats = made.get(language) ?? formatsOf(language);
  made.set(language, formats);
  return formats;
}

function formatsOf(language: string): Formats {
  const { format: number } = new Intl.NumberFormat(language);
  const day = new Intl.DateTimeFormat(language, { dateStyle: 'medium' });
  const moment = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' });
  const [time, hour, dayOfMonth] = [new Intl.DateTimeFormat(language, { timeStyle: 'short' }), new Intl.DateTimeFormat(language, { hour: 'numeric' }), new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric' })];
  const unit = (name: string, digits: number) => new Intl.NumberFormat(language, { style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: digits });
  const [milliseconds, seconds, minutes, hours, days] = [unit('millisecond', 0), unit('second', 1), unit('minute', 0), unit('hour', 0), unit('day', 0)];
  return {
    number,
    date: (at) => day.format(new Date(at)),
    moment: (at) => moment.format(new Date(at)),
    time: (at) => time.format(new Date(at)),
    hour: (at) => hour.format(new Date(at)),
    dayOfMonth: (at) => dayOfMonth.format(new Date(at)),
    duration: (ms) => {
      if (ms < 1_000) return milliseconds.format(ms);
      if (ms < 120_000) return seconds.format(ms / 1_000);
      if (ms < 7_200_000) return minutes.format(ms / 60_000);
      return ms < 172_800_000 ? hours.format(ms / 3_600_000) : days.format(ms / 86_400_000);
    },
  };
}
