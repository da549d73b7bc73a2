'use strict';

/** The option `parser`: packets in another form than the default one, with real clients. */

const { EventEmitter, once } = require('node:events');
const msgpack = require('socket.io-msgpack-parser');
const {
  cleanUp,
  connectPair,
  eventOf,
  openClient,
  openRaw,
  startServer,
} = require('../../../support/rigs/rig');

afterEach(cleanUp);

/** Packets as JSON, one text each. */
class JsonEncoder {
  /** @param {any} packet */
  encode(packet) {
    return [JSON.stringify(packet)];
  }
}

class JsonDecoder extends EventEmitter {
  /** @param {string} text */
  add(text) {
    return this.emit('decoded', JSON.parse(text)); // what it returns is nobody's business
  }

  destroy() {
    this.isDestroyed = true;
  }
}

/** The same with one array for all packets, and each of them as a text in front of its bytes. */
class PairEncoder {
  #array = ['', Buffer.alloc(0)];

  /** @param {any} packet */
  encode(packet) {
    this.#array[0] = `${packet.type}`;
    this.#array[1] = Buffer.from(JSON.stringify(packet));
    return this.#array;
  }
}

class PairDecoder extends JsonDecoder {
  /** @param {any} data */
  add(data) {
    if (typeof data !== 'string') super.add(data.toString());
  }
}

const json = { Encoder: JsonEncoder, Decoder: JsonDecoder };
const pairs = { Encoder: PairEncoder, Decoder: PairDecoder };

describe.each([
  ['socket.io-msgpack-parser', msgpack, { bytes: Buffer.from('bytes'), date: new Date(5) }],
  ['JSON', json, {}],
  ['packets of two messages', pairs, {}],
])('%s', (_name, parser, extra) => {
  const value = { text: 'é😀', number: 1.5, list: [1, null, { deep: true }], ...extra };

  describe.each([['websocket'], ['polling']])('over %s', (transport) => {
    const opts = { parser, transports: [transport] };

    test('events and acknowledgements, both ways', async () => {
      const io = startServer({ parser });
      const { client, socket } = await connectPair(io, '/', opts);
      expect(client.id).toBe(socket.id);
      socket.on('echo', (...args) => args.pop()(...args));
      client.on('echo', (...args) => args.pop()(...args));
      expect(await client.emitWithAck('echo', value)).toEqual(value);
      expect(await socket.timeout(5000).emitWithAck('echo', value)).toEqual(value);
      const received = eventOf(client, 'm');
      socket.emit('m', value, 1);
      expect(await received).toEqual([value, 1]);
      const left = once(socket, 'disconnect');
      client.disconnect();
      expect((await left)[0]).toBe('client namespace disconnect');
    });

    test('broadcasts, with and without acknowledgements', async () => {
      const io = startServer({ parser });
      const all = [];
      for (let i = 0; i < 3; i++) all.push(await connectPair(io, '/', opts));
      all.forEach(({ client }, i) => client.on('ask', (_value, ack) => ack(i)));
      for (const { socket } of all.slice(1)) socket.join('room');
      const heard = all.map(() => []);
      all.forEach(({ client }, i) => client.on('m', (...args) => heard[i].push(args)));
      io.to('room').emit('m', 1, value);
      all[1].socket.to('room').emit('m', 2);
      io.except('room').emit('m', 3);
      const asked = io.timeout(5000).emitWithAck('ask', value);
      expect((await asked).sort()).toEqual([0, 1, 2]);
      expect(heard).toEqual([[[3]], [[1, value]], [[1, value], [2]]]);
    });

    test('namespaces, refusals and disconnections', async () => {
      const io = startServer({ parser });
      io.of('/closed').use((_socket, next) => {
        next(Object.assign(new Error('no entry'), { data: { because: 1 } }));
      });
      const { client, socket } = await connectPair(io, '/', opts);
      const open = await connectPair(io, '/open', { ...opts, auth: { token: 'x' } });
      expect(open.socket.handshake.auth).toEqual({ token: 'x' });
      const refused = openClient(io, '/closed', opts);
      const [err] = await eventOf(refused, 'connect_error');
      expect([err.message, err.data]).toEqual(['no entry', { because: 1 }]);
      const unknown = openClient(io, '/unknown', opts);
      expect((await eventOf(unknown, 'connect_error'))[0].message).toBe('Invalid namespace');
      const left = eventOf(client, 'disconnect');
      socket.disconnect();
      expect((await left)[0]).toBe('io server disconnect');
    });
  });

  test('connection state recovery', async () => {
    const io = startServer({ parser, connectionStateRecovery: {} });
    const { client, socket } = await connectPair(io, '/', {
      parser,
      reconnection: true,
      reconnectionDelay: 10,
      reconnectionDelayMax: 10,
    });
    const first = eventOf(client, 'm');
    socket.emit('m', 'first');
    await first;
    const left = once(socket, 'disconnect');
    const back = eventOf(client, 'connect');
    client.io.engine.close();
    await left;
    const missed = eventOf(client, 'm');
    io.emit('m', value);
    await back;
    expect(client.recovered).toBe(true);
    expect((await missed)[0]).toEqual(value);
  });
});

test('one encoder serves all, each client has a decoder', async () => {
  const decoders = [];
  const parser = {
    Encoder: JsonEncoder,
    Decoder: class extends JsonDecoder {
      constructor() {
        super();
        decoders.push(this);
      }
    },
  };
  const io = startServer({ parser });
  expect(io.encoder).toBeInstanceOf(JsonEncoder);
  expect(io.sockets.adapter.encoder).toBe(io.encoder);
  expect(io._parser).toBe(parser);
  await connectPair(io, '/', { parser: json });
  const { client, socket } = await connectPair(io, '/', { parser: json });
  expect(decoders).toHaveLength(2);
  const closed = once(socket.conn, 'close');
  client.io._close();
  await closed;
  await new Promise(setImmediate);
  expect(decoders[1].isDestroyed).toBe(true);
  expect(decoders[1].listenerCount('decoded')).toBe(0);
});

test('what the decoder does not understand ends the connection', async () => {
  const io = startServer({ parser: json });
  const { socket, client } = await connectPair(io, '/', { parser: json });
  const errors = [];
  socket.on('error', (err) => errors.push(err.name));
  const left = new Promise((resolve) => socket.on('disconnect', resolve));
  client.io.engine.write('{"not": json');
  expect(await left).toBe('forced close');
  expect(errors).toEqual(['SyntaxError']);

  const raw = await openRaw(io);
  raw.send('4{"type":2,"nsp":"/","data":["too soon"]}');
  await raw.closed;
});
