'use strict';

/**
 * A program of ours that is restarted while developers work on it.
 * Node core modules only.
 */

const { spawn } = require('node:child_process');
const { once } = require('node:events');

/** A program that has not left by then is ended. */
const PATIENCE_MS = 5000;

/** Runs one program at a time, and replaces it. */
class RestartedProgram {
  /** @param {string} file JavaScript. */
  constructor(file) {
    this.file = file;
    /** @type {import('node:child_process').ChildProcess | undefined} */
    this.child = undefined;
  }

  /** Ends the program that runs, if one does, and starts it anew. */
  async restart() {
    await this.stop();
    this.child = spawn(process.execPath, [this.file], { stdio: ['ignore', 'inherit', 'inherit'] });
  }

  /** Asks the program to leave, and comes back when it has left. */
  async stop() {
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const left = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
    await left;
    clearTimeout(timer);
  }
}

module.exports = { RestartedProgram };
