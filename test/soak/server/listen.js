/** A beast.io server on a door. */
'use strict';

const { once } = require('node:events');
const http = require('node:http');
const https = require('node:https');
const { addressOf, doorOf, placeOf } = require('../../support/servers/doors');

/** Those who stop midway are cut off within seconds: then their descriptors are back when it is calm. */
const PATIENCE_MS = 4000;
const PATIENCE = { headersTimeout: PATIENCE_MS, requestTimeout: 2 * PATIENCE_MS };

/** @param {Record<string, any>} identity key, cert and authority, if there is TLS */
const tlsOf = ({ key, cert }) => ({ key, cert, handshakeTimeout: PATIENCE_MS });

/**
 * @param {{ name: string, identity: Record<string, any>, of?: string }} door `of`: the package, ours unless given
 * @param {object} options
 * @returns {Promise<{ io: any, place: object }>}
 */
async function listen({ name, identity, of = '../../../lib' }, options) {
  const { Server } = require(of);
  const door = doorOf(name);
  const address = addressOf(door);
  let io;
  if (door.isOwnPort) {
    io = new Server(options);
    io.listen(address, door.hasTls ? { tls: tlsOf(identity) } : {});
    Object.assign(io.httpServer, PATIENCE);
  } else {
    const limits = { ...PATIENCE, connectionsCheckingInterval: 500 };
    const server = door.hasTls
      ? https.createServer({ ...limits, ...tlsOf(identity) })
      : http.createServer(limits);
    server.on('request', (req, res) => {
      if (!String(req.url).startsWith('/socket.io/')) res.writeHead(404).end();
    });
    io = new Server(server, options);
    server.listen(address);
  }
  if (!io.httpServer.listening) await once(io.httpServer, 'listening');
  const { host, port } = /** @type {any} */ (placeOf(door, io.httpServer));
  const place = { host, port, ...(door.hasTls ? { ca: identity.ca } : {}) };
  return { io, place };
}

module.exports = { listen };
