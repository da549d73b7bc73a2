'use strict';

const fs = require('node:fs');

/** What asks for help. */
const ASKS = new Set(['--help', '-h']);

/**
 * Prints what a script says of itself in its first comment, if the command line asks for it.
 *
 * @param {string} file the script
 * @returns {boolean} Whether that was asked for: then there is nothing else to do.
 */
function tellsHelp(file) {
  if (!process.argv.slice(2).some((argument) => ASKS.has(argument))) return false;
  const [, comment = ''] = /\/\*\*(.*?)\*\//s.exec(fs.readFileSync(file, 'utf8')) ?? [];
  console.log(comment.replace(/^ *\* ?/gm, '').trim());
  return true;
}

module.exports = { tellsHelp };
