'use strict';

// Before each test file: the subject is the genuine package over our engine.
process.env.BEASTIO_SUBJECT = './genuine-on-native';
