/** HTTP requests by hand, each on a separate connection that is ended after the test. */
'use strict';

const { Wire, requestText } = require('../../support/clients/wire');
const { closers } = require('./abused-server');

const POLLING = '/socket.io/?EIO=4&transport=polling';

/** @param {{ place: object }} server */
async function connect({ place }) {
  const wire = await Wire.connect(/** @type {any} */ (place));
  closers.push(() => wire.socket.destroy());
  return wire;
}

/**
 * The answer to a request, when the server has ended the connection.
 * @param {{ place: object }} server
 * @param {string} method
 * @param {string} target
 * @param {string} [body]
 */
async function ask(server, method, target, body) {
  const wire = await connect(server);
  wire.write(requestText(method, target, { Connection: 'close' }, body));
  await wire.until(({ ended }) => ended);
  wire.socket.end();
  return { text: wire.text, body: wire.text.slice(wire.text.indexOf('\r\n\r\n') + 4) };
}

/**
 * Opens a session by polling.
 * @param {{ place: object }} server
 * @returns {Promise<string>} its target
 */
async function openPolling(server) {
  const { sid } = JSON.parse((await ask(server, 'GET', POLLING)).body.slice(1));
  return `${POLLING}&sid=${sid}`;
}

/**
 * The beginning of a POST.
 * @param {string} target
 * @param {number} length of the body
 */
function postHead(target, length) {
  return `POST ${target} HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n`;
}

module.exports = { POLLING, ask, connect, openPolling, postHead };
