/**
 * A poll that comes while a POST of its session is under way: middlewares see it when the handlers of the
 * POST's packets have run. `express-session` saves with the answer of a poll what it has loaded for it.
 */
'use strict';

const { once } = require('node:events');
const createSession = require('express-session');
const { OUR_DOORS, cleanUp, closers, startOn } = require('../../../support/rigs/door-rig');
const { Wire, requestText } = require('../../../support/clients/wire');

afterEach(cleanUp);

const PATH = '/socket.io/?EIO=4&transport=polling';

/** A gate for requests of one method: they wait in front of the middlewares that follow. */
class Gate {
  /** @type {(() => void)[]} */
  #waiting = [];

  /** @param {string} method */
  constructor(method) {
    this.middleware = (
      /** @type {any} */ req,
      /** @type {any} */ _res,
      /** @type {any} */ next,
    ) => {
      if (req.method === method) this.#waiting.push(next);
      else next();
    };
  }

  /** Resolves when a request waits. */
  async isReached() {
    while (this.#waiting.length === 0) await new Promise(setImmediate);
  }

  /** Lets the next request pass. */
  async open() {
    await this.isReached();
    this.#waiting.shift()?.();
  }
}

describe.each(OUR_DOORS)('%s on %s', (_name, doorName, Server) => {
  /** @param {any[]} middlewares */
  async function start(...middlewares) {
    /** Methods of the requests, as they come. @type {string[]} */
    const came = [];
    const { io, place } = await startOn(Server, doorName, {}, (it) => {
      const { handleRequest } = it.engine;
      it.engine.handleRequest = function (/** @type {any} */ req, /** @type {any} */ res) {
        came.push(req.method);
        handleRequest.call(this, req, res);
      };
      for (const middleware of middlewares) it.engine.use(middleware);
    });

    const send = async (/** @type {string} */ text) => {
      const wire = await Wire.connect(place);
      closers.push(() => wire.socket.destroy());
      return wire.write(text);
    };
    const hasCome = async (/** @type {number} */ count) => {
      while (came.length < count) await new Promise(setImmediate);
    };
    const bodyOf = async (/** @type {Wire} */ wire) => {
      await wire.until(({ ended }) => ended);
      return wire.text.split('\r\n\r\n')[1];
    };
    const headers = { Connection: 'close' };
    const opened = await send(requestText('GET', PATH, headers));
    const { sid } = JSON.parse((await bodyOf(opened)).slice(1));
    const [, cookie = ''] = /set-cookie: ([^;]+)/i.exec(opened.text) ?? [];
    const target = `${PATH}&sid=${sid}`;
    const request = (/** @type {string} */ method, /** @type {string} */ body = '') =>
      requestText(method, target, { ...headers, Cookie: cookie }, body);
    return { io, send, request, hasCome, bodyOf };
  }

  test('what handlers of the POST change in a session of HTTP stays', async () => {
    const store = new createSession.MemoryStore();
    const gate = new Gate('POST');
    const sessions = createSession({ store, secret: 's', resave: true, saveUninitialized: true });
    const { io, send, request, hasCome, bodyOf } = await start(sessions, gate.middleware);
    io.on('connection', (/** @type {any} */ socket) => {
      const { session } = socket.request;
      session.began = true;
      session.save();
    });
    const post = await send(request('POST', '40'));
    await gate.isReached();
    const poll = await send(request('GET'));
    await hasCome(3);
    await gate.open();
    expect(await bodyOf(post)).toBe('ok');
    expect(await bodyOf(poll)).toMatch(/^40/);
    const [saved] = Object.values(/** @type {any} */ (store).sessions);
    expect(JSON.parse(saved)).toMatchObject({ began: true });
  });

  test('a POST whose body is still coming keeps no poll waiting', async () => {
    const gate = new Gate('POST');
    const { io, send, request, bodyOf } = await start(gate.middleware);
    const connected = once(io, 'connection');
    const first = send(request('POST', '40'));
    await gate.open();
    const [socket] = await connected;
    expect(await bodyOf(await first)).toBe('ok');
    const slow = await send(request('POST', '42["slow"]').slice(0, -1));
    await gate.isReached();
    const poll = await send(request('GET'));
    expect(await bodyOf(poll)).toMatch(/^40/);
    const next = await send(request('GET'));
    socket.emit('meanwhile');
    expect(await bodyOf(next)).toBe('42["meanwhile"]');
    const heard = once(socket, 'slow');
    slow.write(']');
    await gate.open();
    await heard;
  });

  test('nor does one whose client has left', async () => {
    const gate = new Gate('POST');
    const { io, send, request, hasCome, bodyOf } = await start(gate.middleware);
    const post = await send(request('POST', '40'));
    await gate.isReached();
    const poll = await send(request('GET'));
    await hasCome(3);
    const [session] = Object.values(io.engine.clients);
    session.send('by polling');
    post.socket.destroy();
    expect(await bodyOf(poll)).toBe('4by polling');
  });
});
