/**
 * The acknowledgements of one broadcast. Every server of the cluster says how many clients it reached.
 * The broadcast is complete when all servers have said so and as many responses have come. At the
 * timeout it is over with what is there by then. A client that is known to have left is not waited for.
 */
'use strict';

const debug = require('debug')('socket.io:broadcast-operator');

class BroadcastAcks {
  /** @type {any[]} */
  #responses = [];
  #expectedResponses = 0;
  /** How many clients have left without a response. */
  #leavers = 0;
  #answeringServers = 0;
  /** Unknown until the adapter has counted. */
  #expectedServers = -1;
  #isOver = false;
  #operator;
  #packet;
  #callback;
  #timer;

  /**
   * @param {import('./broadcast-operator').BroadcastOperator} operator
   * @param {{ id?: number }} packet the adapter gives it its id
   * @param {(err: Error | null, responses: any) => void} callback
   */
  constructor(operator, packet, callback) {
    this.#operator = operator;
    this.#packet = packet;
    this.#callback = callback;
    this.#timer = setTimeout(() => this.#onTimeout(), operator.flags.timeout);
  }

  /**
   * A server of the cluster has sent the packet.
   * @param {number} clientCount to how many clients
   */
  onServer(clientCount) {
    this.#expectedResponses += clientCount;
    this.#answeringServers++;
    this.#finishIfComplete();
  }

  /** @param {number} count how many servers the cluster has */
  onServerCount(count) {
    this.#expectedServers = count;
    this.#finishIfComplete();
  }

  /** How many clients have got the packet, as far as servers have said so. */
  get expectedResponses() {
    return this.#expectedResponses;
  }

  /** @param {any} response of one client */
  onResponse(response) {
    if (this.#isOver) return;
    this.#responses.push(response);
    this.#finishIfComplete();
  }

  /**
   * A client has left without a response.
   * @param {Error} err
   */
  onLeaver(err) {
    if (this.#isOver) return;
    this.#leavers++;
    if (this.#operator.flags.expectSingleResponse) this.#finish(err, null);
    else this.#finishIfComplete();
  }

  #finishIfComplete() {
    if (
      this.#isOver ||
      this.#expectedServers !== this.#answeringServers ||
      this.#expectedResponses !== this.#responses.length + this.#leavers
    ) {
      return;
    }
    const { expectSingleResponse } = this.#operator.flags;
    this.#finish(null, expectSingleResponse ? this.#responses[0] : this.#responses);
  }

  #onTimeout() {
    debug('operation has timed out');
    const { id } = this.#packet;
    const { nsp } = this.#operator.adapter;
    if (id !== undefined && !nsp.awaitedAnswers.forget(id)) {
      for (const socket of nsp.sockets.values()) socket.forgetAck(id);
    }
    const { expectSingleResponse } = this.#operator.flags;
    const error = new Error('operation has timed out');
    this.#finish(error, expectSingleResponse ? null : this.#responses);
  }

  /**
   * @param {Error | null} err
   * @param {any} result
   */
  #finish(err, result) {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#callback.call(this.#operator, err, result);
  }
}

module.exports = { BroadcastAcks };
