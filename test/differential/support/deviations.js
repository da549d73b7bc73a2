/** Deviations that several scenarios show, or that only some doors do. */
'use strict';

const { FOUR_DOORS } = require('./scenarios');

/** @typedef {import('./scenarios').Deviation} Deviation */

const [WITHOUT_TLS, WITH_TLS] = FOUR_DOORS.map(([, ours]) => ours);

/**
 * The genuine package agrees on a WebSocket and refuses the session then, by an answer in the midst of the
 * frames. Over TLS that answer does not leave it any more. Ours refuses the upgrade.
 * @param {string} row
 * @param {string} reason
 * @returns {Deviation[]}
 */
function refusedAfterUpgrade(row, reason) {
  const agreed = [
    'a: HTTP/1.1 101 Switching Protocols',
    'a: Upgrade: websocket',
    'a: Connection: Upgrade',
    'a: Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
  ];
  const refused = [
    'a: HTTP/1.1 400 Bad Request',
    'a: Connection: close',
    'a: Content-type: text/html',
    `a: Content-Length: ${reason.length}`,
    `a: body "${reason}"`,
  ];
  return [
    { row, doors: WITHOUT_TLS, differences: [[agreed, refused]] },
    { row, doors: WITH_TLS, differences: [[[...agreed, 'a: end'], refused]] },
  ];
}

/**
 * What only requests that stay on the I/O threads show.
 * @param {string} row
 * @param {import('./compare').Difference[]} differences
 * @returns {Deviation[]}
 */
function onOwnPort(row, differences) {
  return [{ row, doors: ['own port', 'own port with TLS'], differences }];
}

module.exports = { onOwnPort, refusedAfterUpgrade };
