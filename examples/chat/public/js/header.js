/**
 * The bar above the messages, the list of people, and the line that says who is typing.
 */
import { avatar, byId, count, el, syncList } from './dom.js';
import { openConversation } from './sidebar.js';
import { session } from './session.js';
import { store } from './store.js';

/** @typedef {import('./store.js').Person} Person */

/** @param {Person} person */
function presenceOf({ away, gone }) {
  if (gone) return 'has left the chat';
  return away ? 'away, may come back' : 'online';
}

/** @param {Person[]} people */
function describe(people) {
  const away = people.filter((person) => person.away).length;
  const all = count(people.length, 'person', 'people');
  return away ? `${all}, ${away} away` : all;
}

function showTitle() {
  const { active } = store;
  if (!active) {
    byId('title').textContent = 'No room';
    byId('subtitle').textContent = '';
    byId('leave').hidden = true;
    return;
  }
  const { id, peer, people } = active;
  byId('title').textContent = peer ? peer.nick : id;
  byId('subtitle').textContent = peer
    ? `Private, only the two of you · ${presenceOf(peer)}`
    : describe(people);
  byId('leave').hidden = Boolean(peer);
}

function showPeople() {
  const { active, me } = store;
  const people = active?.peer && me ? [me, active.peer] : (active?.people ?? []);
  byId('people-count').textContent = people.length || '';
  syncList(
    byId('people-list'),
    people,
    ({ id, nick, away, gone }) => ({ key: id, signature: [nick, away, gone].join('|') }),
    (person) => el('li', {}, personRow(person)),
  );
}

/** @param {Person} person */
function personRow(person) {
  const mine = person.id === store.me?.id;
  const note = mine ? 'you' : person.gone ? 'left' : person.away ? 'away' : '';
  const content = [
    avatar(person, true),
    el('span.row-label', {}, person.nick),
    note && el('span.hint', {}, note),
  ];
  if (mine) return el('div.row', {}, ...content);
  return el(
    'button.row',
    {
      type: 'button',
      title: `Talk to ${person.nick} in private`,
      onClick: () => {
        store.open(`@${person.id}`, person);
        openConversation(`@${person.id}`);
      },
    },
    ...content,
  );
}

function showTyping() {
  const nicks = [...(store.active?.typing.values() ?? [])].map(({ nick }) => nick);
  const who =
    nicks.length > 2
      ? `${nicks.length} people are`
      : `${nicks.join(' and ')} ${nicks[1] ? 'are' : 'is'}`;
  const dots = el('span.dots', { aria: { hidden: true } }, el('i'), el('i'), el('i'));
  byId('typing').replaceChildren(...(nicks.length ? [dots, `${who} typing…`] : []));
}

export function showHeader() {
  store.on(['active', 'people'], () => {
    showTitle();
    showPeople();
  });
  store.on(['active', 'typing'], showTyping);
  byId('leave').addEventListener('click', () => session.leave(store.activeId));
}
