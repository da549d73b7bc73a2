'use strict';

/**
 * Tells of changed files in folders and all below them. Each folder is watched, not each file: editors and git
 * put new files in the place of old ones. Node core modules only.
 */

const fs = require('node:fs');
const path = require('node:path');

class SourceWatch {
  /** By path. @type {Map<string, fs.FSWatcher>} */
  #watchers = new Map();

  /**
   * @param {string[]} folders
   * @param {(file: string) => void} onChange Called for each change, and again for the same one perhaps.
   */
  constructor(folders, onChange) {
    this.onChange = onChange;
    for (const folder of folders) this.#add(folder);
  }

  /** @param {string} folder */
  #add(folder) {
    if (this.#watchers.has(folder)) return;
    const watcher = fs.watch(folder, (_event, name) => {
      if (name !== null) this.#look(path.join(folder, name));
    });
    watcher.on('error', () => this.#remove(folder));
    this.#watchers.set(folder, watcher);
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
      if (entry.isDirectory()) this.#add(path.join(folder, entry.name));
    }
  }

  /** @param {string} folder That has gone. */
  #remove(folder) {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
  }

  /** @param {string} place A file or a folder, which may have gone. */
  #look(place) {
    try {
      if (fs.statSync(place).isDirectory()) this.#add(place);
    } catch {
      this.#remove(place); // it has gone, perhaps while it was looked at
    }
    this.onChange(place);
  }

  /** Tells no more. */
  close() {
    for (const folder of [...this.#watchers.keys()]) this.#remove(folder);
  }
}

module.exports = { SourceWatch };
