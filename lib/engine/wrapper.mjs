/**
 * The engine for `import`: the names that `engine.io` exports there, and those of the native engine.
 */
import engine from './index.js';

export const {
  Engine,
  Server,
  Socket,
  Transport,
  attach,
  createEngine,
  listen,
  parser,
  protocol,
  transports,
} = engine;
