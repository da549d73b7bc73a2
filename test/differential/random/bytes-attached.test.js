/** Random plans with what is different on an own port (docs/differences.md): see bytes.test.js. */
'use strict';

const { describeRandom } = require('../support/bytes/suite');
const { ATTACHED_DOORS } = require('../support/scenarios');

describeRandom(__filename, { seeds: 20, isAttached: true }, ATTACHED_DOORS);
