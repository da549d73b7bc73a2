/**
 * A token bucket per socket: bursts are fine, floods are not. The clock is an argument.
 */
'use strict';

class RateLimiter {
  #level;
  #checkedAt;

  /**
   * @param {{ burst: number, perSecond: number }} limits
   * @param {number} now in milliseconds
   */
  constructor(limits, now) {
    this.limits = limits;
    this.#level = limits.burst;
    this.#checkedAt = now;
  }

  /**
   * Pays for one request.
   * @param {number} cost
   * @param {number} now
   * @returns {number} 0 when it may pass, otherwise the seconds to wait
   */
  take(cost, now) {
    const { burst, perSecond } = this.limits;
    const refill = ((now - this.#checkedAt) / 1000) * perSecond;
    this.#level = Math.min(burst, this.#level + refill);
    this.#checkedAt = now;
    if (this.#level < cost) return Math.ceil((cost - this.#level) / perSecond);
    this.#level -= cost;
    return 0;
  }
}

module.exports = { RateLimiter };
