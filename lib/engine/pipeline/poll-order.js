/**
 * Where middlewares see a poll behind a POST of its session. A middleware may load a session of HTTP for each,
 * and save it with the answer, as express-session does. So the poll waits until the handlers of the POST's
 * packets have run: else its answer would overwrite what they have changed.
 * Bound: the POSTs that wait for an answer, one for each session.
 */
'use strict';

/** @typedef {import('../session/session').Socket} Session */

class PollOrder {
  #clients;
  /** The POSTs that are not answered. @type {Map<Session, { req: any, isOver: Promise<void> }>} */
  #posts = new Map();

  /** @param {Record<string, Session>} clients sessions by sid */
  constructor(clients) {
    this.#clients = clients;
  }

  /**
   * Has a request served: a poll behind a POST that has come before it, anything else now. A POST whose body
   * is still coming keeps no poll waiting.
   * @param {any} req
   * @param {any} res
   * @param {() => void} serve
   */
  serve(req, res, serve) {
    const session = this.#clients[req._query.sid];
    if (session === undefined) {
      serve();
      return;
    }
    if (req.method === 'POST') this.#note(session, req, res);
    const post = req.method === 'GET' ? this.#posts.get(session) : undefined;
    if (post?.req.complete) post.isOver.then(() => setImmediate(serve));
    else serve();
  }

  /**
   * @param {Session} session
   * @param {any} req
   * @param {any} res whose answer comes before the handlers, in the same turn
   */
  #note(session, req, res) {
    const isOver = new Promise((resolve) => {
      res.once('close', () => {
        if (this.#posts.get(session) === post) this.#posts.delete(session);
        resolve(undefined);
      });
    });
    const post = { req, isOver: /** @type {Promise<void>} */ (isOver) };
    this.#posts.set(session, post);
  }
}

module.exports = { PollOrder };
