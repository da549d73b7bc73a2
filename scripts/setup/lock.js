'use strict';

/**
 * Lets one set-up at a time work in this folder: a lock file that names its holder.
 * A holder that was killed leaves its file behind; the next one sees that the process is gone and takes over.
 * Node core modules only.
 */

const fs = require('node:fs');
const { setTimeout: delay } = require('node:timers/promises');
const { SetUpError } = require('../support/set-up-error');

const POLL_MS = 200;

/**
 * Names a process so that a later one with the same number is not mistaken for it.
 * @param {number} pid
 * @returns {string | undefined} undefined when no such process runs.
 */
function identify(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EPERM') return undefined;
  }
  try {
    // Field 22, the start time; the fields are counted after the name, which may hold spaces.
    const fields = fs
      .readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return `${pid} ${fields[19]}`;
  } catch {
    return `${pid}`;
  }
}

/**
 * @param {string} lockFile
 * @returns {string | undefined} Who holds it.
 */
function holderOf(lockFile) {
  try {
    return fs.readFileSync(lockFile, 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * Creates the lock file with its content in one step, so that nobody reads it half-written.
 * @param {string} lockFile
 * @param {string} holder
 * @returns {boolean} false when somebody else holds it.
 */
function tryAcquire(lockFile, holder) {
  const draft = `${lockFile}.${process.pid}`;
  try {
    fs.writeFileSync(draft, holder);
    fs.linkSync(draft, lockFile);
    return true;
  } catch (error) {
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === 'EEXIST') return false;
    throw new SetUpError(
      `There is something to set up, and this folder is not writable: ${message}`,
    );
  } finally {
    fs.rmSync(draft, { force: true });
  }
}

/**
 * Removes the lock file of a dead holder. It is moved aside first. Of several processes that saw the dead
 * holder, only one moves its file. One that moved a newer holder's file puts it back.
 *
 * @param {string} lockFile
 * @param {string} deadHolder
 */
function removeStale(lockFile, deadHolder) {
  const aside = `${lockFile}.stale.${process.pid}`;
  try {
    fs.renameSync(lockFile, aside);
  } catch {
    return;
  }
  if (holderOf(aside) === deadHolder) fs.unlinkSync(aside);
  else fs.renameSync(aside, lockFile);
}

/**
 * Runs `work` while holding the lock, after waiting for another holder to finish.
 *
 * @template T
 * @param {string} lockFile
 * @param {() => Promise<T>} work
 * @param {(pid: string) => void} [onWait] Called once when somebody else holds the lock.
 * @returns {Promise<T>} What `work` returns.
 */
async function withLock(lockFile, work, onWait = () => {}) {
  const self = /** @type {string} */ (identify(process.pid));
  let announced = false;
  while (!tryAcquire(lockFile, self)) {
    const holder = holderOf(lockFile);
    if (holder === undefined) continue;
    const [pid] = holder.split(' ');
    if (identify(Number(pid)) !== holder) {
      removeStale(lockFile, holder);
      continue;
    }
    if (!announced) onWait(pid);
    announced = true;
    await delay(POLL_MS);
  }
  try {
    return await work();
  } finally {
    fs.rmSync(lockFile, { force: true });
  }
}

module.exports = { identify, withLock };
