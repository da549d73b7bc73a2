/**
 * The left panel: my rooms, my private conversations, the rooms I could join, and me.
 */
import { avatar, byId, count, el, icon, syncList } from './dom.js';
import { closeDrawers } from './drawers.js';
import { session } from './session.js';
import { store } from './store.js';

/** @typedef {{ id: string, label: string, kind: string, unread: number, people: number,
 *   person?: import('./store.js').Person }} Row */

/** @type {{ title: string, kind: string, list: HTMLElement, section: HTMLElement }[]} */
const SECTIONS = [
  { title: 'Rooms', kind: 'room' },
  { title: 'Private', kind: 'direct' },
  { title: 'More rooms', kind: 'other' },
].map(({ title, kind }) => {
  const list = el('ul', { aria: { label: title } });
  return { title, kind, list, section: el('section', {}, el('h3', {}, title), list) };
});

/** @returns {Row[]} */
function rows() {
  const sizes = new Map(store.directory.map(({ name, people }) => [name, people]));
  const mine = [...store.conversations.values()].map((conversation) => {
    const { id, peer, unread } = conversation;
    if (peer) return { id, label: peer.nick, kind: 'direct', unread, people: 0, person: peer };
    return { id, label: id.slice(1), kind: 'room', unread, people: sizes.get(id) ?? 0 };
  });
  const others = store.directory
    .filter(({ name }) => !store.conversations.has(name))
    .map(({ name, people }) => ({
      id: name,
      label: name.slice(1),
      kind: 'other',
      unread: 0,
      people,
    }));
  return [...mine, ...others];
}

/** @param {Row} row */
function describe({ id, label, kind, unread, people, person }) {
  const state = [label, kind, unread, people, person?.away, person?.gone, id === store.activeId];
  return { key: id, signature: state.join('|') };
}

/** @param {Row} row */
function render({ id, label, kind, unread, people, person }) {
  const active = id === store.activeId;
  const hint = unread
    ? el(
        'span.badge',
        { aria: { label: `${unread} unread` } },
        unread > 99 ? '99+' : String(unread),
      )
    : people > 0 && el('span.hint', { title: count(people, 'person', 'people') }, `${people}`);
  return el(
    'li',
    {},
    el(
      'button.row',
      {
        type: 'button',
        data: { id },
        aria: { current: active ? 'true' : null },
        onClick: () => (kind === 'other' ? joinRoom(id) : openConversation(id)),
      },
      person ? avatar(person, true) : el('span.hash', { aria: { hidden: true } }, '#'),
      el('span.row-label', {}, label),
      hint,
    ),
  );
}

function show() {
  const all = rows();
  for (const { kind, list, section } of SECTIONS) {
    const some = all.filter((row) => row.kind === kind);
    section.hidden = some.length === 0;
    syncList(list, some, describe, render);
  }
  const unread = all.reduce((sum, row) => sum + row.unread, 0);
  const total = byId('total-unread');
  total.hidden = unread === 0;
  total.textContent = unread > 99 ? '99+' : String(unread);
  byId('open-rooms').setAttribute(
    'aria-label',
    unread ? `Conversations, ${unread} unread` : 'Conversations',
  );
  document.title = unread ? `(${unread}) beast.io chat` : 'beast.io chat';
}

/** @param {string} id */
export function openConversation(id) {
  store.activate(id);
  closeDrawers();
}

/** @param {string} room @returns {Promise<boolean>} */
async function joinRoom(room) {
  const answer = await session.join(room);
  byId('room-error').textContent = answer.ok ? '' : answer.error;
  if (answer.ok) openConversation(answer.room.name);
  return answer.ok;
}

function showMe() {
  const { me } = store;
  if (!me) return;
  const change = el(
    'button.icon-button',
    { type: 'button', aria: { label: 'Change nickname' }, onClick: edit },
    icon('edit'),
  );
  byId('me').replaceChildren(avatar(me), el('span.me-nick', {}, me.nick), change);
}

/** Turns my card into a small form. */
function edit() {
  const { me } = store;
  if (!me) return;
  const input = el('input', { value: me.nick, maxLength: 20, spellcheck: false });
  input.setAttribute('aria-label', 'Nickname');
  const error = el('p.form-error', { role: 'alert' });
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const answer = await session.rename(input.value);
    if (answer.ok) showMe();
    else error.textContent = answer.error;
  };
  const onKeydown = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === 'Escape') showMe();
  };
  const save = el('button.small', { type: 'submit' }, 'Save');
  byId('me').replaceChildren(
    el('form.rename', { onSubmit: submit, onKeydown }, input, save, error),
  );
  input.select();
}

/** @param {KeyboardEvent} event Alt+↑ and Alt+↓ walk through my conversations */
function walk(event) {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!event.altKey || !step) return;
  event.preventDefault();
  const ids = [...store.conversations.keys()];
  const index = ids.indexOf(store.activeId) + step;
  openConversation(ids[(index + ids.length) % ids.length]);
}

export function showSidebar() {
  byId('lists').append(...SECTIONS.map(({ section }) => section));
  byId('add-room').addEventListener('submit', async (/** @type {Event} */ event) => {
    event.preventDefault();
    const input = byId('room-name');
    if (input.value.trim() && (await joinRoom(input.value))) input.value = '';
  });
  store.on(['conversations', 'active'], show);
  store.on('me', showMe);
  document.addEventListener('keydown', walk);
}
