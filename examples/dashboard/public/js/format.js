/** Numbers with their units, as people read them. */

const PREFIXES = ['', 'k', 'M', 'G', 'T'];

/** @param {number} value @param {string} unit */
function scaled(value, unit) {
  let power = 0;
  let rest = Math.abs(value);
  while (rest >= 999.5 && power < PREFIXES.length - 1) {
    rest /= 1000;
    power += 1;
  }
  const digits = rest >= 99.95 || Number.isInteger(rest) ? 0 : rest >= 9.995 ? 1 : 2;
  const text = `${Number(rest.toFixed(digits))}`;
  const suffix = PREFIXES[power] + unit;
  return suffix === '' ? text : `${text}\u00a0${suffix}`;
}

export const count = (value) => scaled(Math.round(value), '');
export const rate = (value) =>
  scaled(value < 10 ? Number(value.toFixed(1)) : Math.round(value), '');
export const bytes = (value) => scaled(Math.round(value), 'B');
export const bytesPerSecond = (value) => scaled(Math.round(value), 'B/s');
export const percent = (value) => `${Math.round(value * 100)}\u00a0%`;
export const whole = (value) => value.toLocaleString('en');

export function milliseconds(value) {
  if (value >= 999.5) return scaled(value / 1000, 's');
  return `${Number(value.toFixed(value < 9.95 ? 1 : 0))}\u00a0ms`;
}

const two = (number) => String(number).padStart(2, '0');

/** @param {number} seconds since 1970 */
export function clock(seconds) {
  const date = new Date(seconds * 1000);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
}
