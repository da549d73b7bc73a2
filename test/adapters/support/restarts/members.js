/**
 * Processes of a cluster over a Redis stream, and the front before them.
 */
'use strict';

const { fork } = require('node:child_process');
const { once } = require('node:events');
const path = require('node:path');
const { startFront } = require('./front');

/** @typedef {{ name: string, port: number, child: import('node:child_process').ChildProcess }} Member */

const PROGRAM = path.join(__dirname, 'member.js');

class Members {
  /** By name, how many messages each process has sent to each target. @type {Map<string, any>} */
  sent = new Map();
  /** @type {Member[]} */
  running = [];
  #started = 0;

  /**
   * @param {string} door
   * @param {number} redisPort
   * @param {Awaited<ReturnType<typeof startFront>>} front
   */
  constructor(door, redisPort, front) {
    this.settings = { door, redisUrl: `redis://127.0.0.1:${redisPort}` };
    this.front = front;
  }

  /** Starts one more. It publishes once it is told. */
  async start() {
    const name = `member ${++this.#started}`;
    const child = fork(PROGRAM, [JSON.stringify({ ...this.settings, name })]);
    const [{ port }] = await once(child, 'message');
    const member = { name, port, child };
    this.running.push(member);
    this.front.add(port);
    return member;
  }

  /** @param {Member} member */
  publish({ child }) {
    child.send('start');
  }

  /** Ends one as an operator does. @param {Member} member */
  async end(member) {
    const told = once(member.child, 'message');
    const ended = this.#leave(member, 'SIGTERM');
    const [{ sent }] = await told;
    this.sent.set(member.name, sent);
    await ended;
  }

  /** Ends one without its knowledge. @param {Member} member */
  kill(member) {
    return this.#leave(member, 'SIGKILL');
  }

  /** All of them stop publishing, and say so to the clients. */
  async stopPublishing() {
    for (const { name, child } of this.running) {
      const told = once(child, 'message');
      child.send('stop');
      this.sent.set(name, (await told)[0].sent);
    }
  }

  async close() {
    await Promise.all(this.running.map((member) => this.kill(member)));
    await this.front.close();
  }

  /**
   * @param {Member} member
   * @param {NodeJS.Signals} signal
   */
  async #leave(member, signal) {
    this.running = this.running.filter((other) => other !== member);
    this.front.remove(member.port);
    const exited = once(member.child, 'exit');
    member.child.kill(signal);
    await exited;
  }
}

/**
 * @param {string} door
 * @param {number} redisPort
 */
const createMembers = async (door, redisPort) => new Members(door, redisPort, await startFront());

module.exports = { createMembers };
