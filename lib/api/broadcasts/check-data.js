/**
 * What an adapter is given must be fit to be sent. Some publish a packet to other servers before they encode it, or
 * keep it for clients that come back. Some encode it in a Promise, whose rejection would end the process.
 */
'use strict';

const { refuseBlobs } = require('../../protocol');

/**
 * @param {any} adapter
 * @param {any[]} data of an event
 * @throws {TypeError} if there is a Blob or a File in it
 */
function checkData(adapter, data) {
  if (adapter.encodesFirst !== true && adapter.nsp?.server.usesDefaultParser) refuseBlobs(data);
}

module.exports = { checkData };
