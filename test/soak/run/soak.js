/**
 * A soak: a chat that keeps account of its messages, beside troublemakers. One process serves. This one has the
 * members, the troublemakers and the ledger.
 */
'use strict';

const { setTimeout: delay } = require('node:timers/promises');
const { Crowd } = require('../chat/crowd');
const { Ledger } = require('../chat/ledger');
const { Tally } = require('../chat/tally');
const { Latency } = require('../report/latency');
const { Samples } = require('../report/samples');
const { ServerProcess } = require('../server/process');
const { TROUBLEMAKERS } = require('../trouble');
const { makePlan } = require('../trouble/plan');
const { progress } = require('./patience');
const { Random } = require('./random');

/** Nothing that is still on its way is lost before there was no progress for so long. */
const PATIENCE_MS = 60_000;

/** Troublemakers have limits of their own. One that acts when none has ended for so long will not end. */
const TROUBLE_PATIENCE_MS = 180_000;

/** How long a client may be away, at most; and the part of a short soak. */
const MOST_WINDOW_MS = 25_000;
const WINDOW_SHARE = 0.2;

/**
 * @typedef {object} Settings
 * @property {number} seconds
 * @property {number} seed
 * @property {number} clients
 * @property {number} rate messages a second of each
 * @property {string[]} doors
 * @property {string[]} kinds of trouble
 * @property {string[]} [sabotage] see server/sabotage.js
 * @property {string} [of] the package that serves; ours unless given
 * @property {number} [patienceMs] at the end, for what is still on its way; a minute unless given
 * @property {string} [run] by which its report is known
 *
 * @typedef {object} Outcome everything that a report is made of
 * @property {Settings} settings
 * @property {number} windowMs
 * @property {Ledger} ledger
 * @property {Tally} tally
 * @property {Samples} samples
 * @property {{ p50: number, p99: number, max: number }} latency
 * @property {Record<string, number>} server what it has counted, of all doors
 * @property {number} forgotten messages that the server has acknowledged and does not know
 * @property {number} absent clients that did not come back
 * @property {string[]} troubles that went wrong in an unforeseen way
 * @property {string | undefined} death
 */

class Soak {
  ledger = new Ledger();
  latency = new Latency();
  tally = new Tally();
  /** @type {string[]} */
  troubles = [];

  /** @param {Settings} settings @param {(line: string) => void} say */
  constructor(settings, say) {
    this.settings = settings;
    this.say = say;
    const ms = 1000 * settings.seconds;
    this.windowMs = Math.min(MOST_WINDOW_MS, WINDOW_SHARE * ms);
    this.patienceMs = settings.patienceMs ?? PATIENCE_MS;
  }

  /** @type {Crowd | undefined} */
  crowd;

  /** @returns {Promise<Outcome>} Errors: rejects when the server does not start */
  async run() {
    const { doors, sabotage = [], of } = this.settings;
    this.server = await ServerProcess.start({ doors, windowMs: this.windowMs, sabotage, of });
    this.samples = new Samples(this.server, this.latency);
    /** @type {{ heads: Record<string, import('../chat/ledger').Heads>, counts: any[] } | undefined} */
    let last;
    /** @type {number} */
    let absent;
    try {
      await this.samples.begin();
      await this.#enter();
      await Promise.race([this.#trouble(), this.server.ended]);
      last = await this.#finish();
      absent = this.crowd.absent.length;
      this.crowd.leave();
      await this.samples.settle(this.patienceMs);
    } catch (error) {
      absent = this.crowd?.absent.length ?? this.settings.clients;
      if (!this.server.death) this.tally.fault(/** @type {Error} */ (error).message);
    }
    this.samples.end();
    const forgotten = (last && this.crowd?.forgotten(last.heads)) ?? 0;
    await this.crowd?.close();
    await this.server.stop();
    const { settings, windowMs, ledger, tally, samples, troubles } = this;
    return {
      ...{ settings, windowMs, ledger, tally, samples, troubles, forgotten, absent },
      latency: this.latency.whole,
      server: sums(last?.counts ?? []),
      death: this.server.death && `${this.server.death}\n${this.server.words}`,
    };
  }

  async #enter() {
    const { clients, seed } = this.settings;
    const { ledger, latency, tally, windowMs } = this;
    const around = { ledger, latency, tally, windowMs, rate: this.settings.rate };
    this.crowd = await Crowd.enter(this.server.places, clients, around, new Random(seed));
    await this.#until('the clients have entered', () => this.crowd.absent.length, PATIENCE_MS);
  }

  /** Plays the plan. */
  async #trouble() {
    const { seconds, seed, kinds } = this.settings;
    const { troubles, looks } = makePlan(seed, seconds, kinds);
    const start = performance.now();
    this.crowd.talk();
    const acts = troubles.map(({ at, ...trouble }) => ({ at, act: () => void this.#act(trouble) }));
    const calms = looks.map((at) => ({ at, act: () => this.#lookAround() }));
    for (const { at, act } of [...acts, ...calms].sort((a, b) => a.at - b.at)) {
      await delay(Math.max(0, start + 1000 * at - performance.now()));
      if (this.server.death) return;
      await act();
    }
  }

  /** What is going on. @type {Set<{ kind: string }>} */
  #acting = new Set();

  /** @param {{ kind: string, seed: number }} trouble */
  async #act({ kind, seed }) {
    const mark = this.samples.mark(kind);
    const { crowd, server, windowMs } = this;
    const fault = (/** @type {string} */ words) => this.tally.fault(words);
    const scene = { crowd, server, places: server.places, windowMs, fault };
    const acting = { kind };
    this.#acting.add(acting);
    try {
      await TROUBLEMAKERS[kind](scene, new Random(seed));
    } catch (error) {
      if (!server.death) this.troubles.push(`${kind}: ${/** @type {Error} */ (error).message}`);
    } finally {
      this.#acting.delete(acting);
      mark.end();
    }
  }

  /** At the end of a calm. */
  async #lookAround() {
    const { heard, lost, doubled, disordered } = this.ledger;
    const { descriptors, rss } = await this.samples.lookClosely();
    this.say(
      `${this.samples.seconds.toFixed(0).padStart(6)} s  ${heard} messages, ${lost} lost, ${doubled} doubled, ` +
        `${disordered} out of order, ${(rss / 1e6).toFixed(0)} MB, ${descriptors} descriptors`,
    );
  }

  /** Waits for what is on its way, and closes the ledger. */
  async #finish() {
    await this.#until('the troublemakers are done', () => this.#acting.size, TROUBLE_PATIENCE_MS);
    for (const { kind } of this.#acting) this.tally.fault(`${kind} did not end`);
    this.crowd.fallSilent();
    await this.#until('the clients are back', () => this.crowd.absent.length);
    await this.#until('everything is acknowledged', () => this.crowd.waiting);
    const heads = await this.server.ask('heads');
    await this.#until('everything is heard', () => this.ledger.behind(heads));
    this.ledger.settle(heads);
    return { heads, counts: await this.server.ask('counts') };
  }

  /**
   * Waits for as long as there is progress.
   * @param {string} what
   * @param {() => number} rest how much is to be done
   * @param {number} [patienceMs]
   */
  async #until(what, rest, patienceMs = this.patienceMs) {
    const left = await progress(() => {
      if (this.server.death) throw new Error('the server is gone');
      return rest();
    }, patienceMs);
    if (left > 0) this.tally.fault(`it did not come to this: ${what} (${left} to go)`);
  }
}

/** @param {Record<string, number>[]} counts */
function sums(counts) {
  /** @type {Record<string, number>} */
  const all = {};
  for (const each of counts) {
    for (const [name, count] of Object.entries(each)) all[name] = (all[name] ?? 0) + count;
  }
  return all;
}

/**
 * @param {Settings} settings
 * @param {(line: string) => void} [say] is told how it goes
 */
function soak(settings, say = () => {}) {
  return new Soak(settings, say).run();
}

module.exports = { soak };
