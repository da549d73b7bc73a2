/** Plans that are written by hand, and their steps. */
'use strict';

const { play } = require('./player');
const frames = require('../../../conformance/support/frames');
const { formatRequest, upgradeHeaders } = require('../../../conformance/support/http');

/** @typedef {import('./plan').Step} Step */

/**
 * A plan as a scenario.
 * @param {{ opts?: any, hooks?: string[] }} server
 * @param {Step[]} steps
 */
function make({ opts = {}, hooks = [] }, steps) {
  return play({ opts, attachOpts: { destroyUpgradeTimeout: 20 }, hooks, steps });
}

/**
 * @param {number} client
 * @param {string} method
 * @param {string} target
 * @param {{ headers?: Record<string, string | undefined>, body?: string, end?: number }} [form]
 *   `end`: where it is cut off
 * @returns {Step}
 */
function http(client, method, target, { headers, body, end } = {}) {
  const write = [formatRequest(method, target, headers, body).subarray(0, end)];
  return { what: `${method} ${target}`, client, write };
}

/**
 * @param {number} client
 * @param {string} target
 * @param {Record<string, string | undefined>} [more] headers
 */
function upgrade(client, target, more) {
  return http(client, 'GET', target, { headers: upgradeHeaders(more) });
}

/**
 * @param {number} client
 * @param {string} message
 * @returns {Step}
 */
function text(client, message) {
  return { what: message, client, write: [frames.text(message)] };
}

module.exports = { http, make, text, upgrade };
