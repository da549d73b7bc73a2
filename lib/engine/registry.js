/**
 * The sessions of an engine: by the place that the I/O threads name, and by sid for applications
 * (`engine.clients`). Here they are made and let go.
 */
'use strict';

const log = require('./base/log');
const { announce } = require('./pipeline/request-pipeline');
const { Socket } = require('./session/session');
const { transportError } = require('./session/transport');
const { SLOT_BITS } = require('./wire/layout');

const SLOT_MASK = (1 << SLOT_BITS) - 1;

/** @typedef {import('./engine').Engine} Engine */
/** @typedef {import('./wire/record-sinks').SessionsSink} SessionsSink */

/** @implements {SessionsSink} */
class Registry {
  #engine;
  /** Sessions by I/O thread and slot. @type {(Socket | undefined)[][]} */
  #sessions;
  /** Counts the calls of `noteClose`; a handshake that began before the last one must not end. */
  #closeCount = 0;
  #closeCountOfPort = 0;
  #kBegun = Symbol('close count at the beginning');

  /** @param {Engine} engine with its options */
  constructor(engine) {
    this.#engine = engine;
    this.#sessions = Array.from({ length: engine.opts.ioThreads }, () => []);
  }

  /**
   * The session of a place that the addon names; it names only places that are open.
   * @param {number} place
   * @returns {Socket}
   */
  session(place) {
    return /** @type {Socket} */ (this.#sessions[place >> SLOT_BITS][place & SLOT_MASK]);
  }

  /**
   * Whether the packets of a POST are being told to a session.
   * @param {number} place that may be open no more
   */
  isInPost(place) {
    return this.session(place)?.post?.isRead === true;
  }

  /**
   * A handshake begins.
   * @param {any} req or what stands in its place
   */
  noteBegin(req) {
    req[this.#kBegun] = this.#closeCount;
  }

  /** The engine closes: no handshake that has begun may end. */
  noteClose() {
    this.#closeCount++;
  }

  /** The own port opens: handshakes that it brings have begun since. */
  notePortOpen() {
    this.#closeCountOfPort = this.#closeCount;
  }

  /** @param {Parameters<SessionsSink['onOpen']>[0]} opened */
  onOpen(opened) {
    const engine = this.#engine;
    const { door } = engine;
    const { place, own, transport: name } = opened;
    const { req, transport, onOpen } = door.takeOpening(opened.request);
    const source = own ?? door.upgrades.sourceOf(opened.request, req);
    const request = source || name === 'webtransport' ? null : req;
    const session = new Socket(engine, opened, name, request, source, transport);
    this.#sessions[place >> SLOT_BITS][place & SLOT_MASK] = session;
    if (req) req[engine.sidOfRequest] = session.id;
    door.upgrades.carry(opened.request, session);
    engine.clients[session.id] = session;
    engine.clientsCount++;
    engine.keepAlive.update();
    log.watch(session);
    // Nothing tells when a log is turned on; this session has come by without JavaScript's having a say.
    if (own && log.tellsRequests()) engine.optionSync.sync();
    if (this.#isTooLate(req)) {
      session.close(true);
      return;
    }
    // Listeners of `initial_headers` and `headers` come first.
    door.whenAnswered(opened.request, () => {
      announce(engine, session);
      onOpen?.(session.transport);
    });
  }

  /**
   * Whether the engine was closed while a handshake was under way.
   * @param {any} req none: it came by the own port
   */
  #isTooLate(req) {
    if (req) return req[this.#kBegun] !== this.#closeCount;
    return !this.#engine.port?.listening && this.#closeCount !== this.#closeCountOfPort;
  }

  /**
   * @param {number} place
   * @param {string} reason
   * @param {string} description
   */
  onClose(place, reason, description) {
    const session = this.session(place);
    this.#sessions[place >> SLOT_BITS][place & SLOT_MASK] = undefined;
    session.onLastPacket(reason, description);
    session.onClose(reason, description === '' ? undefined : transportError(description));
  }

  /**
   * A session is closed.
   * @param {Socket} session
   */
  forget(session) {
    const engine = this.#engine;
    if (engine.clients[session.id] !== session) return;
    delete engine.clients[session.id];
    engine.clientsCount--;
    engine.keepAlive.update();
  }
}

module.exports = { Registry };
