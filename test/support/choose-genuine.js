'use strict';

// Before each test file: the subject is the genuine package.
process.env.BEASTIO_SUBJECT = 'socket.io';
