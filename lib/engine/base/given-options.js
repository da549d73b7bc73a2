/**
 * Generated from lib/options/ by `npm run options`.
 * The options that are looked at with every request. Each is read by its name here, as V8 does that at once. To
 * read them by names from a list takes twenty times as long.
 */
'use strict';

/** The options of an engine as they were given. */
class GivenOptions {
  /** @param {any} opts */
  constructor(opts) {
    this.ioDriver = opts.ioDriver;
    this.maxSendQueueBytes = opts.maxSendQueueBytes;
    this.sendTimeout = opts.sendTimeout;
    this.hardMaxSendQueueBytes = opts.hardMaxSendQueueBytes;
    this.maxTotalSendQueueBytes = opts.maxTotalSendQueueBytes;
    this.slowClientPolicy = opts.slowClientPolicy;
    this.sendHighWaterMark = opts.sendHighWaterMark;
    this.trimMemory = opts.trimMemory;
    this.maxInboxBytes = opts.maxInboxBytes;
    this.maxInboxBytesPerClient = opts.maxInboxBytesPerClient;
    this.bodyTimeout = opts.bodyTimeout;
    this.minBodyBytesPerSecond = opts.minBodyBytesPerSecond;
    this.maxClients = opts.maxClients;
    this.maxClientsPerAddress = opts.maxClientsPerAddress;
    this.maxConnectionsPerAddress = opts.maxConnectionsPerAddress;
    this.maxHandshakesPerSecond = opts.maxHandshakesPerSecond;
    this.ipv6PrefixBits = opts.ipv6PrefixBits;
    this.maxMessagesPerSecond = opts.maxMessagesPerSecond;
    this.maxBytesPerSecond = opts.maxBytesPerSecond;
    this.rateLimitPolicy = opts.rateLimitPolicy;
    this.pingInterval = opts.pingInterval;
    this.pingTimeout = opts.pingTimeout;
    this.upgradeTimeout = opts.upgradeTimeout;
    this.maxHttpBufferSize = opts.maxHttpBufferSize;
    this.allowUpgrades = opts.allowUpgrades;
    this.allowEIO3 = opts.allowEIO3;
    this.initialPacket = opts.initialPacket;
    this.trustedProxies = opts.trustedProxies;
    this.transports = [...opts.transports];
  }

  /**
   * Whether options are certainly still these.
   * @param {any} opts
   */
  isOf(opts) {
    return (
      opts.ioDriver === this.ioDriver &&
      opts.maxSendQueueBytes === this.maxSendQueueBytes &&
      opts.sendTimeout === this.sendTimeout &&
      opts.hardMaxSendQueueBytes === this.hardMaxSendQueueBytes &&
      opts.maxTotalSendQueueBytes === this.maxTotalSendQueueBytes &&
      opts.slowClientPolicy === this.slowClientPolicy &&
      opts.sendHighWaterMark === this.sendHighWaterMark &&
      opts.trimMemory === this.trimMemory &&
      opts.maxInboxBytes === this.maxInboxBytes &&
      opts.maxInboxBytesPerClient === this.maxInboxBytesPerClient &&
      opts.bodyTimeout === this.bodyTimeout &&
      opts.minBodyBytesPerSecond === this.minBodyBytesPerSecond &&
      opts.maxClients === this.maxClients &&
      opts.maxClientsPerAddress === this.maxClientsPerAddress &&
      opts.maxConnectionsPerAddress === this.maxConnectionsPerAddress &&
      opts.maxHandshakesPerSecond === this.maxHandshakesPerSecond &&
      opts.ipv6PrefixBits === this.ipv6PrefixBits &&
      opts.maxMessagesPerSecond === this.maxMessagesPerSecond &&
      opts.maxBytesPerSecond === this.maxBytesPerSecond &&
      opts.rateLimitPolicy === this.rateLimitPolicy &&
      opts.pingInterval === this.pingInterval &&
      opts.pingTimeout === this.pingTimeout &&
      opts.upgradeTimeout === this.upgradeTimeout &&
      opts.maxHttpBufferSize === this.maxHttpBufferSize &&
      opts.allowUpgrades === this.allowUpgrades &&
      opts.allowEIO3 === this.allowEIO3 &&
      opts.initialPacket === this.initialPacket &&
      opts.trustedProxies === this.trustedProxies &&
      isSame(opts.transports, this.transports)
    );
  }
}

/**
 * @param {readonly string[]} one
 * @param {readonly string[]} other
 */
function isSame(one, other) {
  return one.length === other.length && one.every((name, i) => name === other[i]);
}

module.exports = { GivenOptions };
