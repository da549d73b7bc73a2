/**
 * Plans that dice have made, played on both packages (support/bytes). A difference that they find is
 * mended, or has a row in docs/differences.md and a place in support/bytes/plan.js that leaves it out.
 * Many more are played by hand: support/bytes/many.js.
 */
'use strict';

const { describeRandom } = require('../support/bytes/suite');

describeRandom(__filename, { seeds: 25 });
