/** How the server is, in a sentence, and what is remarkable. */

import { bytes, count, milliseconds, percent, rate } from './format.js';

const LATE_MS = 50;
const VERY_LATE_MS = 250;
const BUSY = 0.7;
const VERY_BUSY = 0.9;
const BEHIND = 1e6;
const INBOX = 4e6;
/** So many cuts and refusals are remarkable, and so many for each client. */
const TROUBLES = 10;
const TROUBLES_PER_CLIENT = 0.01;

/**
 * @param {any} sample
 * @param {number} troubles how many were cut or refused
 * @param {string} span in which time
 * @returns {{ level: 'good' | 'warn' | 'bad', headline: string, remarks: string[] }}
 */
export function verdictOf({ delay, busy, waiting, slow = [], clients, rates }, troubles, span) {
  const bad = [];
  const warn = [];
  const late = delay?.p99 ?? 0;
  if (late >= LATE_MS) {
    (late >= VERY_LATE_MS ? bad : warn).push(
      `The event loop comes up to ${milliseconds(late)} late.`,
    );
  }
  if (busy >= BUSY) {
    (busy >= VERY_BUSY ? bad : warn).push(`Handlers take ${percent(busy)} of JavaScript’s time.`);
  }
  const behind = slow.filter((client) => client.waiting >= BEHIND);
  if (behind.length > 0) {
    const most = bytes(behind[0].waiting);
    if (behind.length === 1) warn.push(`A client is ${most} behind.`);
    else warn.push(`${behind.length} clients are behind, the slowest by ${most}.`);
  }
  if (waiting.javascript >= INBOX) {
    warn.push(`${bytes(waiting.javascript)} of clients wait for JavaScript.`);
  }
  const all = Object.values(clients).reduce((sum, number) => sum + number, 0);
  const turnedAway = `${count(troubles)} cut or refused ${span}.`;
  const isMuch = troubles >= Math.max(TROUBLES, all * TROUBLES_PER_CLIENT);
  if (isMuch) warn.push(turnedAway);

  const facts = [
    `${count(all)} clients, ${rate(rates.messagesIn + rates.messagesOut)} messages a second.`,
    ...(troubles > 0 && !isMuch ? [turnedAway] : []),
  ];
  const problems = [...bad, ...warn];
  const level = bad.length > 0 ? 'bad' : warn.length > 0 ? 'warn' : 'good';
  if (level === 'good') return { level, headline: 'All is well.', remarks: facts };
  return { level, headline: problems[0], remarks: [...problems.slice(1), ...facts] };
}
