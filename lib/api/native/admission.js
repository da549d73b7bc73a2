/**
 * What handlers in C++ say of a client that may enter a namespace of JavaScript's, if JavaScript lets it in.
 */
'use strict';

const { SocketAttributes } = require('./socket-attributes');

class Admission {
  /**
   * @param {number} number by which the I/O thread knows it
   * @param {Record<string, any>} attributes that they have set
   * @param {() => void} refuse to be called if JavaScript does not let the client in
   */
  constructor(number, attributes, refuse) {
    this.number = number;
    this.attributes = new SocketAttributes(attributes);
    this.refuse = refuse;
  }
}

module.exports = { Admission };
