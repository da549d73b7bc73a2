/**
 * Metrics of a server for monitoring systems: `require('beast.io/metrics')`. The application brings `prom-client`
 * or OpenTelemetry. See docs/metrics.md.
 */
'use strict';

const { collectPrometheus } = require('./metrics/prometheus');
const { observe } = require('./metrics/opentelemetry');

module.exports = { collectPrometheus, observe };
