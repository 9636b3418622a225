/**
 * A listener for Rekey: refuses sign-ins outside business hours. See README.md, and docs/listeners.md for how listeners work.
 *
 * @typedef {import('@rekey/governance').OperationView} OperationView
 * @typedef {import('@rekey/governance').ThirdPartyContext} ThirdPartyContext
 * @typedef {{ opens: number, closes: number, timeZone: string, days: readonly string[] }} Hours minutes since midnight; days as `Mon`
 */

const week = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** @param {ThirdPartyContext} context what its entry in deployment.toml says; what is thrown here stops the start */
export default function businessHours({ properties, log }) {
  const { opens = '08:00', closes = '18:00', time_zone: timeZone = 'UTC', days = 'Mon,Tue,Wed,Thu,Fri', exempt = 'admin' } = properties;
  const hours = { opens: minutesOf(opens), closes: minutesOf(closes), timeZone, days: listOf(days) };
  if (hours.opens > hours.closes) throw new Error(`expected opens before closes, got ${opens} and ${closes}`);
  const stranger = hours.days.find((day) => !week.includes(day));
  if (stranger !== undefined) throw new Error(`expected days of ${week.join(',')}, got "${stranger}"`);
  const exempted = listOf(exempt);
  isOpen(hours, new Date()); // throws for a time zone that does not exist
  log.info(`sign-ins are taken from ${opens} to ${closes} (${timeZone}) on ${days}; at any time from ${exempt}`);

  return {
    pre: {
      /** @param {OperationView} view */
      authenticate(view) {
        if (isOpen(hours, new Date()) || isExempt(exempted, view.user)) return { kind: 'continue' };
        return { kind: 'refuse', code: 'OUT-OF-HOURS', message: `Sign-in is possible from ${opens} to ${closes} (${timeZone}).` };
      },
    },
  };
}

/**
 * Another tenant's admin is somebody else.
 * @param {readonly string[]} names
 * @param {OperationView['user']} user
 */
function isExempt(names, user) {
  return user !== null && user.tenantDomain === 'carbon.super' && user.realm === 'PRIMARY' && names.includes(user.username);
}

/**
 * @param {Hours} hours
 * @param {Date} at
 */
export function isOpen({ opens, closes, timeZone, days }, at) {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit' }).formatToParts(at);
  /** @param {Intl.DateTimeFormatPartTypes} type */
  const part = (type) => parts.find((candidate) => candidate.type === type)?.value ?? '';
  const minutes = Number(part('hour')) * 60 + Number(part('minute'));
  return days.includes(part('weekday')) && minutes >= opens && minutes < closes;
}

/** @param {string} time `08:00`; `24:00` is the end of the day */
function minutesOf(time) {
  const [, hours, minutes] = /^(\d{2}):([0-5]\d)$/.exec(time) ?? [];
  const all = Number(hours) * 60 + Number(minutes);
  if (!(all <= 24 * 60)) throw new Error(`expected a time such as 08:00, got "${time}"`);
  return all;
}

/** @param {string} text `Mon, Tue` */
function listOf(text) {
  return text.split(',').map((entry) => entry.trim());
}
