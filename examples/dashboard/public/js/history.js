/** The samples of the last five minutes, and what they say together. */

const KEPT_MS = 300_000;
const SHORTEST_MS = 60_000;
export const MINUTE_MS = 60_000;

export class History {
  samples = [];

  /** @param {any} sample @param {number} interval beyond three of which the line has a gap */
  add(sample, interval) {
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
    return this.samples.find((sample) => !sample.isGap && sample.at >= at - MINUTE_MS);
  }
}

/**
 * The round trips of the last minute, or all of them if it has none.
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
