/**
 * What has come of a paused client, in order. It stands in the place of the sink of its session, and passes on to
 * that what tells of the end.
 * Bound: what the I/O thread had read before it knew of the pause.
 */
'use strict';

/** @typedef {import('./receiving-session').PacketSink} PacketSink */
/** @typedef {import('./receiving-session').PauseListener} PauseListener */
/** @typedef {import('./receiving-session').ReceivingSession} ReceivingSession */

/** @implements {PacketSink} */
class HeldPackets {
  /** @type {(() => void)[]} */
  #held = [];

  /**
   * @param {ReceivingSession} session
   * @param {PacketSink | undefined} sink
   * @param {PauseListener | undefined} listener hears of this pause, and of its end
   */
  constructor(session, sink, listener) {
    this.session = session;
    /** The session's, from the end of the pause on. */
    this.sink = sink;
    /** Whether the session is to emit then what comes. */
    this.showsIncoming = session.showsIncoming;
    this.onPause = listener?.onPause?.bind(listener);
  }

  /** @param {() => void} callback called at the end of the pause */
  defer(callback) {
    this.#held.push(callback);
  }

  /** The pause is over: all that was held goes on, unless a listener pauses the client again. */
  release() {
    for (const [i, callback] of this.#held.entries()) {
      if (this.session.isPaused) {
        for (const later of this.#held.slice(i)) this.session.defer(later);
        return;
      }
      callback();
    }
  }

  /**
   * @param {number} type
   * @param {string} nsp
   * @param {number | undefined} id
   * @param {string} json
   */
  onPacket(type, nsp, id, json) {
    this.defer(() => this.session.onPacket(type, nsp, id, json));
  }

  /**
   * @param {string} nsp
   * @param {number | undefined} id
   * @param {string} name
   * @param {string} value
   */
  onString(nsp, id, name, value) {
    this.defer(() => this.session.onString(nsp, id, name, value));
  }

  /** @param {string | Buffer | undefined} data */
  onData(data) {
    this.defer(() => this.session.onMessage(data));
  }

  /**
   * @param {string} nsp
   * @param {any} auth
   * @param {any} admission
   */
  onAdmitted(nsp, auth, admission) {
    this.defer(() => this.session.admit(nsp, auth, admission));
  }

  /** @param {any} err */
  onerror(err) {
    this.sink?.onerror(err);
  }

  _disconnect() {
    this.sink?._disconnect();
  }

  /**
   * @param {string} reason
   * @param {unknown} description
   */
  onclose(reason, description) {
    this.sink?.onclose(reason, description);
  }
}

module.exports = { HeldPackets };
