/**
 * Clients that send the next message when the last one is answered: servers at their limit.
 */
'use strict';

const { COSTS } = require('../support/metrics');

/** What the echo scenarios have in common. */
const ECHO = /** @type {const} */ ({
  workload: 'echo',
  connections: 100,
  inFlight: 1,
  payloadBytes: 32,
  metrics: COSTS,
});

/** @type {readonly import('../scenarios').Scenario[]} */
const ECHOES = [
  {
    ...ECHO,
    name: 'echo1',
    plotted: true,
    title: 'Echo, 100 clients, 1 in flight each, 32 B',
    quick: true,
  },
  {
    ...ECHO,
    name: 'echo16',
    plotted: true,
    title: 'Echo, 100 clients, 16 in flight each, 32 B',
    inFlight: 16,
    quick: true,
  },
  {
    ...ECHO,
    name: 'echo1-16k',
    plotted: true,
    title: 'Echo, 100 clients, 1 in flight each, 16 KB',
    payloadBytes: 16_384,
    quick: true,
  },
  {
    ...ECHO,
    name: 'echo16-16k',
    title: 'Echo, 100 clients, 16 in flight each, 16 KB',
    inFlight: 16,
    payloadBytes: 16_384,
  },
  {
    ...ECHO,
    name: 'ack',
    title: 'Acknowledgements, 100 clients, 16 in flight each, 32 B',
    workload: 'ack',
    inFlight: 16,
  },
  {
    ...ECHO,
    name: 'namespaces',
    title: 'Echo, 100 clients in 4 namespaces each, 16 in flight each, 32 B',
    inFlight: 16,
    namespaces: 4,
  },
  {
    ...ECHO,
    name: 'binary1k',
    title: 'Binary echo, 100 clients, 1 in flight each, 1 KB',
    payload: 'binary',
    payloadBytes: 1024,
  },
  {
    ...ECHO,
    name: 'binary64k',
    title: 'Binary echo, 100 clients, 1 in flight each, 64 KB',
    payload: 'binary',
    payloadBytes: 65_536,
  },
  {
    ...ECHO,
    name: 'json1k',
    title: 'Echo of an object, 100 clients, 1 in flight each, 1 KB JSON',
    payload: 'json',
    payloadBytes: 1024,
  },
  {
    ...ECHO,
    name: 'json16k',
    title: 'Echo of an object, 100 clients, 1 in flight each, 16 KB JSON',
    payload: 'json',
    payloadBytes: 16_384,
  },
  {
    ...ECHO,
    name: 'deflate',
    plotted: true,
    title: 'Echo with permessage-deflate, 100 clients, 1 in flight, 1 KB JSON',
    payload: 'json',
    payloadBytes: 1100, // beyond the default threshold of 1024 bytes, with what is around it
    needs: ['deflate'],
    quick: true,
  },
  {
    ...ECHO,
    name: 'wss',
    plotted: true,
    title: 'Echo over TLS, 100 clients, 1 in flight each, 32 B',
    needs: ['tls'],
  },
  {
    ...ECHO,
    name: 'polling',
    plotted: true,
    title: 'Echo over HTTP long-polling, 100 clients, 1 in flight each, 32 B',
    transport: 'polling',
    needs: ['polling'],
  },
];

module.exports = { ECHOES };
