/**
 * The chat demo as a program: in JavaScript, and in C++. Both serve the same page by the same rules.
 */
'use strict';

const path = require('node:path');
const { builtProgram } = require('../../support/programs/cpp-program');
const { TOP } = require('../../support/programs/programs');

/** @type {{ language: string, command: () => Promise<string[]> }[]} */
const CHATS = [
  {
    language: 'JavaScript',
    command: async () => [process.execPath, path.join(TOP, 'examples/chat/server.js')],
  },
  {
    language: 'C++',
    command: async () => [await builtProgram('chat', 'examples/cpp-chat/chat')],
  },
];

module.exports = { CHATS };
