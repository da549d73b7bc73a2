/**
 * Which part of an engine hears of which records.
 */
'use strict';

/**
 * Order: the door, which stays, is there; the own port may come later, or never.
 * @param {import('./engine').Engine} engine
 * @returns {import('./wire/record-sinks').RecordSinks}
 */
function sinksOf(engine) {
  const { registry, door } = engine;
  const { upgrades } = door;
  return {
    sessions: registry,
    requests: door,
    upgrades: {
      onUpgrading: (place, to, request) =>
        upgrades.onUpgrading(request, registry.session(place), to),
      onUpgrade: (place, to, request) => upgrades.onUpgrade(request, registry.session(place), to),
      onAbandoned: (place, request) => upgrades.end(request, registry.session(place)),
      onGone: (request) => upgrades.onGone(request),
    },
    streams: {
      onWrite: (stream, bytes) => upgrades.bridge(stream)?.write(bytes),
      onEnd: (stream, isImmediate) => upgrades.bridge(stream)?.end(isImmediate),
      onTaken: (stream, bytes) => upgrades.bridge(stream)?.onTaken(bytes),
    },
    tlsStreams: {
      onData: (stream, bytes) => engine.port?.tlsConnection(stream)?.onData(bytes),
      onEnd: (stream, isGone) => engine.port?.tlsConnection(stream)?.onEnd(isGone),
      onSent: (stream, bytes) => engine.port?.tlsConnection(stream)?.onSent(bytes),
    },
    port: {
      onConnection: (descriptor, line, bytes) => engine.port?.onConnection(descriptor, line, bytes),
      onTlsConnection: (left) => engine.port?.onTlsConnection(left),
      onHandshakeFailed: (failed) => engine.port?.onHandshakeFailed(failed),
      onIdle: () => engine.port?.onIdle(),
    },
    handlers: {
      onTold: (json) => engine.handlerSink?.onTold(json),
      onBytes: (bytes) => engine.handlerSink?.onBytes(bytes),
    },
  };
}

/**
 * What the order of answers and packets depends on.
 * @param {import('./engine').Engine} engine
 * @returns {import('./wire/record-reader').Posts}
 */
function postsOf({ registry, door }) {
  return {
    isInPost: (place) => registry.isInPost(place),
    isPostOf: (request, place) => door.isPostOf(request, place),
  };
}

module.exports = { postsOf, sinksOf };
