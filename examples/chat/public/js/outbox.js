/**
 * Messages on their way out. Each shows at once, is sent when the connection is ready, and is sent again
 * after a lost answer. The nonce lets the server recognise it, so it appears exactly once.
 */
import { session } from './session.js';
import { store } from './store.js';

/** @typedef {import('./store.js').Message} Message */
/** @typedef {{ to: string, message: Message, blob?: Blob }} Parcel */

/** @type {Parcel[]} in the order of sending; the first one may be on the wire */
const waiting = [];
let sending = false;

/**
 * @param {string} to
 * @param {string} text
 * @param {{ blob: Blob, width: number, height: number }} [picture]
 */
export function send(to, text, picture) {
  if (!store.me) return;
  /** @type {Message} */
  const message = { key: nonce(), from: store.me, at: Date.now(), text, state: 'sending' };
  if (picture) {
    const { blob, width, height } = picture;
    const url = URL.createObjectURL(blob);
    message.image = { type: blob.type, bytes: blob.size, width, height, url };
  }
  store.add(to, message);
  waiting.push({ to, message, blob: picture?.blob });
  flush();
}

/** @param {string} to @param {Message} message one that failed */
export async function resend(to, message) {
  message.state = 'sending';
  delete message.error;
  store.settle(to, message);
  const blob = message.image?.url && (await (await fetch(message.image.url)).blob());
  waiting.push({ to, message, blob: blob || undefined });
  flush();
}

async function flush() {
  if (sending) return;
  sending = true;
  while (session.ready && waiting.length > 0) {
    const [{ to, message, blob }] = waiting;
    const { image, text, key } = message;
    const data = blob && (await blob.arrayBuffer());
    const answer = await session.ask('message', {
      to,
      text,
      nonce: key,
      image: image && { data, width: image.width, height: image.height },
    });
    // Without an answer the parcel stays first in the row, for the next connection.
    if (!answer.ok && answer.code === 'lost' && !session.ready) break;
    waiting.shift();
    if (answer.ok) {
      Object.assign(message, { id: answer.id, at: answer.at, state: undefined });
    } else {
      Object.assign(message, { state: 'failed', error: answer.error });
    }
    store.settle(to, message);
  }
  sending = false;
}

session.addEventListener('ready', flush);

/** Random, and also there on a page that a phone reads over plain HTTP. */
function nonce() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
