/**
 * The slim line that says how the page is connected, and what a reconnection brought back.
 */
import { byId, count } from './dom.js';
import { session } from './session.js';

/** @type {Record<string, string>} */
const TRANSPORTS = {
  websocket: 'WebSocket',
  polling: 'HTTP long-polling',
  webtransport: 'WebTransport',
};

/** @param {import('./session.js').Status} status */
function sentence({ state, transport, attempt, missed, recovered }) {
  if (state === 'connecting') return 'Connecting…';
  if (state === 'reconnecting')
    return attempt ? `Reconnecting… attempt ${attempt}` : 'Reconnecting…';
  if (state === 'online') return `Connected over ${TRANSPORTS[transport] ?? transport}`;
  if (missed > 0) return `Back: ${count(missed, 'missed message')} recovered`;
  return recovered ? 'Back: nothing was missed' : 'Back: connected again';
}

export function showBanner() {
  const banner = byId('banner');
  const text = banner.querySelector('span');
  const show = () => {
    const { status } = session;
    Object.assign(banner.dataset, {
      state: status.state,
      transport: status.transport,
      missed: status.missed,
      recovered: status.recovered,
    });
    if (text.textContent !== sentence(status)) text.textContent = sentence(status);
  };
  session.addEventListener('status', show);
  show();
}
