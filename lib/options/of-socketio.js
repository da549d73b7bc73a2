/**
 * The options of socket.io. See table.js.
 */
'use strict';

/** @type {readonly Readonly<import('./table').Option>[]} */
module.exports = [
  {
    name: 'path',
    of: 'socket.io',
    level: 'server',
    kind: 'other',
    told: '`/socket.io`',
    changes: 'fixed',
    type: 'string',
    short: 'The path below which the engine answers',
    text: 'the path below which the engine answers',
  },
  {
    name: 'serveClient',
    of: 'socket.io',
    level: 'server',
    kind: 'other',
    told: '`true`',
    changes: 'fixed',
    type: 'boolean',
    short: 'Whether the browser client is served',
    text: 'whether the browser client is served. `io.serveClient()` changes it',
  },
  {
    name: 'adapter',
    of: 'socket.io',
    level: 'server',
    kind: 'other',
    told: 'the one in memory',
    changes: 'fixed',
    type: 'AdapterConstructor',
    short: 'The adapter class',
    text: 'the adapter class, or a function that creates one. See [Adapters](#adapters)',
  },
  {
    name: 'parser',
    of: 'socket.io',
    level: 'server',
    kind: 'other',
    told: '`socket.io-parser`',
    changes: 'fixed',
    type: 'any',
    short: 'The parser: `{ Encoder, Decoder }`',
    text: '`{ Encoder, Decoder }` in place of `socket.io-parser`',
  },
  {
    name: 'connectTimeout',
    of: 'socket.io',
    level: 'server',
    kind: 'milliseconds',
    min: 0,
    value: 45000,
    isLeftOut: true,
    changes: 'fixed',
    type: 'number',
    short: 'Milliseconds that a client may take to join a namespace',
    text: 'how long a client may take to join a namespace. 0 is the default as well. `io.connectTimeout()` changes it',
  },
  {
    name: 'connectionStateRecovery',
    of: 'socket.io',
    level: 'server',
    kind: 'other',
    told: 'off',
    changes: 'fixed',
    type: `{
    /** How long, in milliseconds, a session is kept. Default: two minutes */
    maxDisconnectionDuration?: number;
    /** Whether the middlewares are skipped for a recovered session. Default: \`true\` */
    skipMiddlewares?: boolean;
  }`,
    short: 'Whether clients that come back find their session as they left it',
    text: '`{ maxDisconnectionDuration, skipMiddlewares }`: clients that come back find their session. See [Recovery](#recovery)',
    parts: {
      maxDisconnectionDuration: { value: 2 * 60 * 1000 },
      skipMiddlewares: { value: true },
    },
  },
  {
    name: 'cleanupEmptyChildNamespaces',
    of: 'socket.io',
    level: 'server',
    kind: 'other',
    value: false,
    changes: 'live',
    type: 'boolean',
    short: 'Whether the children of dynamic namespaces go away with their last socket',
    text: 'whether the children of dynamic namespaces go away with their last socket',
  },
];
