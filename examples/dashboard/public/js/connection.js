/**
 * The connection to the namespace, and who may look. A token comes by the form, or in the address behind `#token=`, which
 * browsers do not send. It is kept for this tab. An application that knows its people by cookies needs none.
 */

const KEY = 'dashboard token';
const $ = (id) => document.getElementById(id);

/** @param {'connecting' | 'live' | 'silent' | 'broken' | 'denied'} state @param {string} [text] */
export function setState(state, text = state) {
  document.body.dataset.state = state;
  if ($('state').textContent !== text) $('state').textContent = text;
  $('login').hidden = state !== 'denied';
}

function tokenOfAddress() {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (token === null) return;
  sessionStorage.setItem(KEY, token);
  history.replaceState(null, '', location.pathname + location.search);
}

/** @param {{ namespace: string, path: string }} config */
export function connect({ namespace, path }) {
  tokenOfAddress();
  const socket = io(namespace, {
    path,
    auth: (give) => give({ token: sessionStorage.getItem(KEY) ?? undefined }),
  });
  socket.on('connect', () => setState('live'));
  socket.on('connect_error', (error) => {
    if (socket.active) {
      setState('connecting', 'connecting…'); // it tries again by itself
      return;
    }
    $('denied').textContent = error.message;
    sessionStorage.removeItem(KEY);
    setState('denied');
    $('token').focus();
  });
  socket.on('disconnect', (reason) => {
    if (socket.active) setState('connecting', 'connecting…');
    else setState('connecting', `ended: ${reason}`);
  });
  $('login').addEventListener('submit', (event) => {
    event.preventDefault();
    sessionStorage.setItem(KEY, $('token').value);
    $('token').value = '';
    setState('connecting', 'connecting…');
    socket.connect();
  });
  return socket;
}
