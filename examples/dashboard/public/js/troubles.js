/** Cuts, refusals and losses: words for what `stats()` counts, and what of it is the server's doing. */

const WORDS = {
  'cut.sendQueue': 'cut: too much waited for it',
  'cut.totalSendQueue': 'cut: too much waited for all',
  'cut.sendTimeout': 'cut: it took nothing for too long',
  'cut.pings': 'cut: too many PINGs',
  'cut.messageSize': 'cut: its message was too large',
  'cut.rate': 'cut: it sent too fast',
  'closed.pingTimeout': 'lost: no answer to a PING',
  'closed.transportError': 'lost: its connection broke, or was cut',
  'closed.parseError': 'lost: it sent nonsense',
  'refusals.unknownSid': 'refused: unknown session',
  'refusals.unknownTransport': 'refused: unknown transport',
  'refusals.badRequest': 'refused: bad request',
  'refusals.badHandshakeMethod': 'refused: bad method',
  'refusals.forbidden': 'refused: forbidden',
  'refusals.unsupportedProtocolVersion': 'refused: unknown protocol',
  'limited.maxClients': 'turned away: too many clients',
  'limited.maxClientsPerAddress': 'turned away: too many of an address',
  'limited.maxConnectionsPerAddress': 'turned away: too many connections of an address',
  'limited.maxHandshakesPerSecond': 'turned away: too many at once',
  'limited.draining': 'turned away: the server is closing',
  'limited.maxMessagesPerSecond': 'too fast: messages',
  'limited.maxBytesPerSecond': 'too fast: bytes',
  'connections.turnedAway': 'turned away: too many connections',
  'connections.tlsFailures': 'TLS handshake failed',
};

/** Who sends too fast is mostly paused only. One that is cut for it counts as `cut.rate`. */
const RATES = new Set(['limited.maxMessagesPerSecond', 'limited.maxBytesPerSecond']);

/** @param {string} path in `stats()`; what has no words is called by it */
export const wordsOf = (path) => WORDS[path] ?? path;

/**
 * Whether clients were cut or refused by it. Those that are lost have gone by themselves, or are among the cut.
 * @param {string} path
 */
export const isCutOrRefusal = (path) => /^(refusals|limited|cut)\./.test(path) && !RATES.has(path);

/**
 * The most frequent of late first.
 * @param {Record<string, number>} now by path, since the start of the server
 * @param {Record<string, number>} before
 */
export function troublesOf(now, before) {
  const troubles = Object.entries(now).map(([path, all]) => {
    return { path, all, recent: all - (before[path] ?? 0) };
  });
  return troubles.sort((a, b) => b.recent - a.recent || b.all - a.all);
}
