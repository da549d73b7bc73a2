'use strict';

/**
 * Cells of the bench, cut short. Every workload and transport of the load generator runs against our server
 * and the raw epoll one. A wrong answer is no figure.
 */

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { v8Probe } = require('../../bench/profile/v8');
const { runCell } = require('../../bench/support/cell');
const { makeCertificate } = require('../../bench/support/certificate');
const {
  CPP_SERVER,
  GENERATOR,
  LIMIT_SERVER,
  MIXED_ADDON,
  buildProgram,
} = require('../../bench/support/programs');
const { SCENARIOS } = require('../../bench/scenarios');
const { SERVERS } = require('../../bench/servers');

const COMPILE_TIMEOUT_MS = 300_000;
const CELL_TIMEOUT_MS = 60_000;
const MOST_ROUNDS = 10;

const folder = path.join(__dirname, '../../bench/.cache'); // what is compiled stays for the next run
/** @type {import('../../bench/support/cell').Tools} */
let tools;

beforeAll(() => {
  fs.mkdirSync(folder, { recursive: true });
  tools = {
    generator: buildProgram(GENERATOR, folder, () => {}),
    limit: buildProgram(LIMIT_SERVER, folder, () => {}),
    cpp: buildProgram(CPP_SERVER, folder, () => {}),
    mixed: buildProgram(MIXED_ADDON, folder, () => {}),
    peers: { folder, bun: '', absent: {} },
    certificate: makeCertificate(folder),
    pinning: { server: [], generator: [], apart: false, description: '' },
  };
}, COMPILE_TIMEOUT_MS);

/**
 * @param {import('../../bench/servers').BenchServer} server
 * @param {string} scenarioName
 * @param {import('../../bench/support/cell').Probe} [probe]
 */
async function run(server, scenarioName, probe) {
  const scenario = SCENARIOS.find(({ name }) => name === scenarioName);
  // Small enough for a machine that does other things as well.
  const small = {
    ...scenario,
    connections: Math.min(scenario.connections, 50),
    rate: scenario.rooms ? 20 : 500, // each room is due again when all have its last message
    leastWarmupSeconds: 0,
    leastSeconds: 0,
  };
  if (scenario.rooms) small.rooms = 10;
  if (scenario.connectOverMs) small.connectOverMs = 100;
  if (scenario.serverOptions) small.serverOptions = { pingInterval: 200 };
  const times = { seconds: 0.3, warmupSeconds: 0.1 };
  return runCell({ server, scenario: small, tools, times, probe });
}

/**
 * What a server has done. A machine with other work may do nothing in so short a time, then it has another.
 * @param {any} server
 * @param {string} scenario
 */
async function measure(server, scenario) {
  for (let round = 1; ; round++) {
    const { sample } = await run(server, scenario);
    if (sample.messages > 0 || scenario === 'idle' || round === MOST_ROUNDS) return sample;
  }
}

/** @param {string} name */
const serverOf = (name) => SERVERS.find((server) => server.name === name);

const EVERYWHERE = [
  'echo1',
  'echo16-16k',
  'ack',
  'namespaces',
  'binary64k',
  'rate',
  'ack-rate',
  'json16k',
  'connect',
  'reconnect5000',
  'paced10',
];

const OURS_ONLY = [
  'deflate',
  'wss',
  'polling',
  'polling-rate',
  'rooms',
  'chat',
  'visit',
  'idle',
  'heartbeats',
];

test.each([
  ...EVERYWHERE.map((scenario) => ['beastio', scenario]),
  ...OURS_ONLY.map((scenario) => ['beastio', scenario]),
  ...[...EVERYWHERE, ...OURS_ONLY].map((scenario) => ['cpp', scenario]),
  ['cpp-raw', 'echo1'],
  ['cpp-raw', 'json16k'],
  ...[...EVERYWHERE, 'wss', 'polling'].map((scenario) => ['mixed', scenario]),
  ...EVERYWHERE.map((scenario) => ['limit', scenario]),
])(
  '%s serves %s',
  async (server, scenario) => {
    const sample = await measure(serverOf(server), scenario);
    if (scenario !== 'idle') {
      expect(sample.messages).toBeGreaterThan(0);
      expect(sample.serverCpuNs).toBeGreaterThan(0); // idle, the server in C++ takes none
    }
    expect(sample.residentAtEnd).toBeGreaterThan(0);
  },
  CELL_TIMEOUT_MS,
);

test(
  "V8's profiler watches a server",
  async () => {
    const place = fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-profile-'));
    try {
      const probe = v8Probe(place);
      await run(serverOf('beastio'), 'echo16', probe);
      const names = probe.stacks().flatMap(({ frames }) => frames.map(({ name }) => name));
      expect(names.some((name) => /^emit lib\/api\/sockets\/socket\.js:\d+$/.test(name))).toBe(
        true,
      );
    } finally {
      fs.rmSync(place, { recursive: true });
    }
  },
  CELL_TIMEOUT_MS,
);

test(
  'a wrong answer ends the cell',
  async () => {
    const program = '../../test/bench/wrong-answers.js';
    const server = /** @type {const} */ ({
      name: 'wrong',
      title: '',
      kind: 'node',
      runtime: 'node',
      program,
    });
    await expect(run(server, 'echo1')).rejects.toMatchObject({
      name: 'Error',
      stderr: expect.stringMatching(
        /got '42\["echo","\w{16}n.*' where '42\["echo","\w{16}m.*' was due/,
      ),
    });
  },
  CELL_TIMEOUT_MS,
);
