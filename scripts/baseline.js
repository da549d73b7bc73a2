'use strict';

/** `npm run baseline`: counts the instructions of the hot paths and keeps them as what later changes are judged by. */

const { reportFailure, setUp } = require('./setup');

setUp({ forTests: true })
  .then(() => require('./checks/instructions').renewBaseline())
  .catch(reportFailure);
