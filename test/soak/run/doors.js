/** The doors of a soak, by the short names of its command line. */
'use strict';

/** @type {Record<string, string>} names of test/support/servers/doors.js */
const SHORT_NAMES = {
  http: 'http',
  https: 'https',
  port: 'own port',
  'port-tls': 'own port with TLS',
};

/** Both without and with TLS. @type {Record<string, string[]>} */
const GROUPS = { attached: ['http', 'https'], 'own-port': ['port', 'port-tls'] };

/**
 * @param {string} text names with commas between
 * @returns {string[]} doors. Errors: a RangeError names those that there are
 */
function readDoors(text) {
  const names = text.split(',').flatMap((name) => GROUPS[name.trim()] ?? [name.trim()]);
  const unknown = names.filter((name) => !Object.hasOwn(SHORT_NAMES, name));
  if (unknown.length > 0) {
    const known = [...Object.keys(SHORT_NAMES), ...Object.keys(GROUPS)].join(', ');
    throw new RangeError(`There is no door ${unknown.join(', ')}. There are ${known}.`);
  }
  const known = Object.keys(SHORT_NAMES); // always in this order, so that a seed means the same
  return known.filter((name) => names.includes(name)).map((name) => SHORT_NAMES[name]);
}

/** @param {string[]} doors @returns {string} as `readDoors` reads them */
function doorsText(doors) {
  return Object.keys(SHORT_NAMES)
    .filter((name) => doors.includes(SHORT_NAMES[name]))
    .join(',');
}

const ALL_DOORS = Object.freeze(Object.values(SHORT_NAMES));

module.exports = { ALL_DOORS, doorsText, readDoors };
