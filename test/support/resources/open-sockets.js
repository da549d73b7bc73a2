/**
 * How many sockets this process has: other descriptors come and go with engines of earlier tests, which
 * are closed when they are collected.
 */
'use strict';

const fs = require('node:fs');

/** @param {string} descriptor */
function isSocket(descriptor) {
  try {
    return fs.readlinkSync(`/proc/self/fd/${descriptor}`).startsWith('socket:');
  } catch {
    return false; // it was closed since it was listed
  }
}

const openSockets = () => fs.readdirSync('/proc/self/fd').filter(isSocket).length;

module.exports = { openSockets };
