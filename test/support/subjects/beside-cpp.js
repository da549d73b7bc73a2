/**
 * Has every server of a test stand beside handlers in C++ that take nothing: `setupFilesAfterEnv` of a project of
 * Jest. All that is known of sockets and rooms is told to the I/O threads then.
 */
'use strict';

const { NativeServer } = require('../../../lib/api/native/native-server');
const { Server } = require('../../../lib/api/server/server');

const { bind } = Server.prototype;

/** @this {any} @param {any} engine */
Server.prototype.bind = function (engine) {
  const isFirst = this.nativeServer === undefined;
  bind.call(this, engine);
  const canHave = typeof engine.native?.openHandlers === 'function' && this.usesDefaultParser;
  if (isFirst && canHave) for (const nsp of this._nsps.values()) this.openNative().of(nsp);
  return this;
};

/** @this {any} */
NativeServer.prototype.checkEngine = function () {};

/** @this {any} @param {any} nsp */
NativeServer.prototype.adopt = function (nsp) {
  if (!nsp.name.startsWith('/_')) this.of(nsp); // a parent has no sockets
};
