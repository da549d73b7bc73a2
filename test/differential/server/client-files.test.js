/** The files of the browser client that a server serves. */
'use strict';

const { maskEtag } = require('../support/etag');
const { describeScenarios } = require('../support/scenarios');

describeScenarios(__filename, 'client files', {
  'serving the client': async (world) => {
    const io = await world.serve();
    const etag = maskEtag(world);
    const names = ['socket.io.js', 'socket.io.js.map', 'socket.io.min.js', 'socket.io.min.js.map'];
    names.push('socket.io.esm.min.js', 'socket.io.esm.min.js.map', 'socket.io.msgpack.min.js');
    names.push('socket.io.msgpack.min.js.map');
    for (const name of names) {
      await world.http(name, io, 'HEAD', `/socket.io/${name}`);
      await world.http(`${name} known`, io, 'GET', `/socket.io/${name}`, {
        headers: { 'If-None-Match': etag },
      });
    }
    await world.http('weak', io, 'GET', '/socket.io/socket.io.js', {
      headers: { 'If-None-Match': `W/${etag}` },
    });
    await world.http('whole', io, 'GET', '/socket.io/socket.io.min.js');
    for (const encoding of ['gzip', 'deflate', 'br', 'identity']) {
      await world.http(encoding, io, 'GET', '/socket.io/socket.io.min.js', {
        headers: { 'Accept-Encoding': encoding },
      });
    }
    for (const name of [
      'nothing.js',
      '',
      'socket.io.js/x',
      'socket.io.esm.js',
      '../package.json',
      'socket.io.js?x=1',
    ]) {
      await world.http(`"${name}"`, io, 'HEAD', `/socket.io/${name}`);
    }
    await world.http('post', io, 'POST', '/socket.io/socket.io.js', { body: 'x' });
  },

  'serving the client with cors': async (world) => {
    const io = await world.serve({ cors: { origin: 'http://a.example' } });
    maskEtag(world);
    await world.http('get', io, 'HEAD', '/socket.io/socket.io.js', {
      headers: { Origin: 'http://a.example' },
    });
    await world.http('preflight', io, 'OPTIONS', '/socket.io/socket.io.js', {
      headers: { Origin: 'http://a.example' },
    });
  },

  'not serving the client': async (world) => {
    const io = await world.serve({ serveClient: false });
    await world.http('get', io, 'GET', '/socket.io/socket.io.js');
    await world.http('get', io, 'GET', '/socket.io/socket.io.js?EIO=4&transport=polling');
  },
});
