'use strict';

/** Debian's python3-socketio, another implementation of the protocol, finds no difference either. */

const { execFile } = require('node:child_process');
const path = require('node:path');
const { promisify } = require('node:util');
const { WAYS, onEachSubject } = require('./support/rig');

const PYTHON = '/usr/bin/python3'; // Debian's, whose packages are those that the set-up has installed
const CLIENT = path.join(__dirname, 'support/client.py');
const TIMEOUT_MS = 60_000;

onEachSubject('a client in Python', (server) => {
  test.each(WAYS)(
    'by %s',
    async (_, transports) => {
      const { stdout } = await promisify(execFile)(PYTHON, [
        CLIENT,
        server().url(),
        transports.join(),
      ]);
      expect(JSON.parse(stdout)).toEqual([
        ['namespaces', ['/', '/watched']],
        ['in', '/watched'],
        ['echo', 'text é', 1.5, null, { deep: [true] }],
        ['echo', { file: { bytes: '00ff' }, list: [{ bytes: '' }] }, 'behind'],
        ['bytes', { bytes: '636261' }, 'behind'],
        ['answer', ['one', { bytes: '74776f' }]],
        ['asked', [null, 'answer to why']],
        ['in order', true],
        ['rooms', 2],
        ['said', 'to all of the room'],
        ['left'],
      ]);
    },
    TIMEOUT_MS,
  );
});
