/**
 * `conn.transport`: how a session is carried at the moment. The bytes are the engine's; this object
 * tells applications the name and state, and is made when it is first looked at.
 */
'use strict';

const { EventEmitter } = require('node:events');

/** Transport names, by the addon's number. */
const TRANSPORT_NAMES = Object.freeze(['polling', 'websocket']);

class Transport extends EventEmitter {
  /**
   * @param {import('./socket').Socket} session
   * @param {string} name `polling` or `websocket`
   */
  constructor(session, name) {
    super();
    this.session = session;
    this.name = name;
    this.discarded = false;
  }

  get sid() {
    return this.session.id;
  }

  get protocol() {
    return this.session.protocol;
  }

  get readyState() {
    return this.session.readyState;
  }

  /** Whether volatile packets are let through here: the I/O thread decides about each of them. */
  get writable() {
    return this.session.readyState === 'open';
  }

  get supportsBinary() {
    return true;
  }

  get handlesUpgrades() {
    return this.name === 'websocket';
  }
}

/**
 * The description of a close reason.
 * @param {string} text
 */
function transportError(text) {
  const error = new Error(text);
  // The session's own complaint; all others are the transport's.
  if (text === 'invalid heartbeat direction') return error;
  return Object.assign(error, { type: 'TransportError' });
}

module.exports = { Transport, TRANSPORT_NAMES, transportError };
