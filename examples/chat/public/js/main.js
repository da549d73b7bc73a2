/**
 * Puts the page together: asks for a nickname, connects, and opens the room of the address bar.
 */
import { showBanner } from './banner.js';
import { prepareComposer } from './composer.js';
import { byId } from './dom.js';
import { prepareDrawers } from './drawers.js';
import { showHeader } from './header.js';
import { showMessages } from './messages.js';
import { session } from './session.js';
import { showSidebar } from './sidebar.js';
import { store } from './store.js';

const FIRST_ROOM = '#lobby';

const welcome = byId('welcome');
const nick = byId('nick');
const button = welcome.querySelector('button');

/** @param {string} name */
async function enter(name) {
  button.disabled = true;
  byId('nick-error').textContent = '';
  const answer = await session.start(name);
  button.disabled = false;
  if (!answer.ok || !welcome.isConnected) return;
  if (store.activeId) return;
  const wanted = await session.join(roomOfAddress());
  if (!wanted.ok && store.conversations.size === 0) await session.join(FIRST_ROOM);
  store.activate(wanted.ok ? wanted.room.name : ([...store.conversations.keys()][0] ?? ''));
}

/** @returns {string} the room of a shared link, such as http://localhost:3000/#photos */
function roomOfAddress() {
  try {
    return decodeURIComponent(location.hash) || FIRST_ROOM;
  } catch {
    return FIRST_ROOM;
  }
}

/** @param {boolean} asking whether the page asks for a nickname */
function ask(asking) {
  welcome.hidden = !asking;
  byId('app').hidden = asking;
  if (asking) nick.focus();
}

// Also after a reconnection: somebody else may have taken the nickname in the meantime.
session.addEventListener('hello', (event) => {
  const answer = /** @type {CustomEvent} */ (event).detail;
  ask(!answer.ok);
  if (!answer.ok) byId('nick-error').textContent = answer.error;
});

welcome.addEventListener('submit', (/** @type {Event} */ event) => {
  event.preventDefault();
  enter(nick.value);
});

store.on('active', () => {
  if (store.activeId.startsWith('#')) history.replaceState(null, '', store.activeId);
});
document.addEventListener('visibilitychange', () => store.read());

showBanner();
showSidebar();
showHeader();
showMessages();
prepareComposer();
prepareDrawers();

nick.value = session.lastNick;
ask(!session.canResume);
if (session.canResume) enter(session.lastNick);
