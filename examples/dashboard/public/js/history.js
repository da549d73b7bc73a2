/** The samples of the last five minutes of one start of the server, and what they say together. */

const KEPT_MS = 300_000;
const SHORTEST_MS = 60_000;
const MINUTE_MS = 60_000;

export class History {
  samples = [];
  /** The first sample of all. */
  #first;

  /** @param {any} sample @param {number} interval beyond three of which the line has a gap */
  add(sample, interval) {
    this.#first ??= sample;
    // Totals of another start have nothing to do with these.
    if (this.samples.at(-1)?.start !== sample.start) this.samples = [];
    const last = this.samples.at(-1);
    if (last !== undefined && sample.at - last.at > 3 * interval) {
      this.samples.push({ at: last.at + interval, isGap: true });
    }
    this.samples.push(sample);
    while (this.samples[0].at < sample.at - KEPT_MS || this.samples[0].isGap) this.samples.shift();
  }

  /** From and to, in seconds: a minute at first, then all that there is. */
  get window() {
    const to = this.samples.at(-1).at;
    const from = Math.min(this.samples[0].at, to - SHORTEST_MS);
    return [from / 1000, to / 1000];
  }

  /** The sample of a minute ago, or the oldest one. */
  get minuteAgo() {
    const { at } = this.samples.at(-1);
    const isOld = (sample) => !sample.isGap && sample.at <= at - MINUTE_MS;
    return this.samples.findLast(isOld) ?? this.samples[0];
  }

  /** In which time has come what has come since `minuteAgo`. */
  get span() {
    const ago = this.minuteAgo;
    const ms = this.samples.at(-1).at - ago.at;
    if (ms >= 1.5 * MINUTE_MS) return `in the last ${Math.round(ms / MINUTE_MS)} minutes`;
    if (ms >= MINUTE_MS) return 'in the last minute';
    if (ago === this.#first) return 'since this page opened';
    return `in the last ${Math.round(ms / 1000)} s`;
  }
}

/**
 * The round trips between two samples, or all of them if there are none.
 * @param {Record<string, number>} now by bucket, since the start
 * @param {Record<string, number>} before
 */
export function roundTripsOf(now, before) {
  const order = Object.keys(now).sort((a, b) => Number(a) - Number(b));
  const differences = order.map((bucket) => [bucket, now[bucket] - before[bucket]]);
  const isRecent = differences.some(([, number]) => number > 0);
  const buckets = isRecent ? differences : order.map((bucket) => [bucket, now[bucket]]);
  const sum = buckets.reduce((total, [, number]) => total + number, 0);
  /** The bound of the bucket that a part of all is within. */
  const within = (part) => {
    let seen = 0;
    return Number(buckets.find(([, number]) => (seen += number) >= part * sum)?.[0]);
  };
  return { buckets, sum, isRecent, p50: within(0.5), p99: within(0.99) };
}
