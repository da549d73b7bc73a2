/** All troublemakers of a soak, by name. */
'use strict';

const { absence, cuts, kicks, kills, quits, silence, storm } = require('./on-members');
const { blocks, garbage, halfOpen, slowReaders, visitors } = require('./by-strangers');
const { workerEnds } = require('./worker-ends');

/** @type {Record<string, import('./on-members').Troublemaker>} */
const TROUBLEMAKERS = {
  kills,
  cuts,
  silence,
  storm,
  quits,
  kicks,
  absence,
  'half-open': halfOpen,
  garbage,
  'slow-readers': slowReaders,
  visitors,
  blocks,
  'worker-ends': workerEnds,
};

module.exports = { TROUBLEMAKERS };
