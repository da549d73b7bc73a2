/**
 * The messages of the open conversation, grouped by author and day. They are kept at the bottom while the
 * reader is there. A line stands before those that are new or were missed.
 */
import { avatar, byId, clock, count, dayKey, dayName, el, linkified, nickColour } from './dom.js';
import { openLightbox } from './lightbox.js';
import { resend } from './outbox.js';
import { session } from './session.js';
import { store } from './store.js';

/** @typedef {import('./store.js').Message} Message */
/** @typedef {import('./store.js').Conversation} Conversation */

const GROUP_MS = 5 * 60_000;
const NEAR_BOTTOM_PX = 80;

const list = byId('messages');
const scroller = byId('scroller');
const jump = byId('jump');
let atBottom = true;
let below = 0;

/** @param {Message} message */
const isMine = (message) => message.from.id === store.me?.id;

/** @param {Message} message @param {Message | undefined} before */
function continues(message, before) {
  return (
    before !== undefined &&
    before.from.id === message.from.id &&
    before.from.nick === message.from.nick &&
    message.at - before.at < GROUP_MS &&
    dayKey(message.at) === dayKey(before.at) &&
    before.mark === message.mark
  );
}

/** @param {Message} message @param {Message | undefined} before */
function dividers(message, before) {
  const lines = [];
  if (!before || dayKey(before.at) !== dayKey(message.at)) {
    lines.push(el('li.divider', {}, el('span', {}, dayName(message.at))));
  }
  if (message.mark && message.mark !== before?.mark) {
    const words = message.mark === 'missed' ? 'Missed while you were away' : 'New';
    lines.push(el('li.divider.mark', {}, el('span', {}, words)));
  }
  return lines;
}

/** @param {Message} message @param {Message | undefined} before */
function rowsOf(message, before) {
  const mine = isMine(message);
  const grouped = continues(message, before);
  const row = el(
    `li.message${mine ? '.mine' : ''}${grouped ? '.grouped' : ''}`,
    { data: { key: message.key } },
    !mine && (grouped ? el('span.avatar-space') : avatar(message.from)),
    el('div.stack'),
  );
  fill(row, message, grouped);
  return [...dividers(message, before), row];
}

/** @param {HTMLElement} row @param {Message} message @param {boolean} grouped */
function fill(row, message, grouped) {
  const { from, text, image, at, state } = message;
  const head = isMine(message)
    ? el('span.visually-hidden', {}, 'You: ')
    : el(`span.${grouped ? 'visually-hidden' : 'nick'}`, { css: nickColour(from.id) }, from.nick);
  const time = el('time', { dateTime: new Date(at).toISOString() }, clock(at));
  const bubble = el(
    `div.bubble${image ? '.with-image' : ''}${text ? '' : '.bare'}`,
    {},
    image && picture(message),
    el('div.words', {}, text && el('p', { dir: 'auto' }, ...linkified(text)), time),
  );
  row.dataset.state = state ?? 'sent';
  row.querySelector('.stack')?.replaceChildren(...[head, bubble, fate(message)].filter(Boolean));
}

/** @param {Message} message @returns {any} a note below a message of mine that is not sent */
function fate(message) {
  if (message.state === 'sending') return el('p.fate', {}, 'Sending…');
  if (message.state !== 'failed') return '';
  const retry = el(
    'button.link',
    { type: 'button', onClick: () => resend(store.activeId, message) },
    'Try again',
  );
  return el('p.fate.failed', {}, `Not sent. ${message.error} `, retry);
}

/** @param {Message} message */
function picture(message) {
  const image = /** @type {import('./store.js').Image} */ (message.image);
  const label = `Image from ${isMine(message) ? 'you' : message.from.nick}`;
  const img = el('img', { alt: label });
  if (image.width && image.height) {
    img.width = image.width;
    img.height = image.height;
  }
  if (image.url) img.src = image.url;
  const button = el(
    'button.picture',
    {
      type: 'button',
      data: { state: image.url ? 'shown' : image.lost ? 'lost' : 'loading' },
      aria: { label: `${label}: enlarge` },
      onClick: () => image.url && openLightbox(message),
    },
    img,
  );
  if (!image.url && !image.lost) load(store.activeId, message);
  return button;
}

/**
 * The history brings messages without image bytes; they are asked for when they are first shown.
 * @param {string} to
 * @param {Message} message
 */
async function load(to, message) {
  const image = /** @type {import('./store.js').Image} */ (message.image);
  const answer = await session.ask('image', { to, id: message.id });
  if (answer.ok) image.url = URL.createObjectURL(new Blob([answer.data], { type: answer.type }));
  else if (answer.code === 'image') image.lost = true;
  else return;
  store.settle(to, message);
}

function showAll() {
  const messages = store.active?.messages ?? [];
  // Changing the conversation is not news: only what arrives in it is read aloud.
  list.setAttribute('aria-live', 'off');
  list.replaceChildren(
    ...messages.flatMap((message, index) => rowsOf(message, messages[index - 1])),
  );
  requestAnimationFrame(() => list.setAttribute('aria-live', 'polite'));
  showEmpty();
}

function showEmpty() {
  const { active } = store;
  const empty = byId('empty');
  empty.hidden = Boolean(active?.messages.length);
  if (empty.hidden) return;
  const [title, words] = !active
    ? ['You are in no room', 'Choose one on the left, or make your own.']
    : active.peer
      ? [`You and ${active.peer.nick}`, 'What you write here is only between the two of you.']
      : [
          `Welcome to ${active.id}`,
          'Nobody has said anything yet. Say hello, or drop an image here.',
        ];
  const art = active?.peer ? avatar(active.peer) : el('span.empty-hash', {}, '#');
  empty.replaceChildren(art, el('h3', {}, title), el('p', {}, words));
}

function toBottom() {
  scroller.scrollTop = scroller.scrollHeight;
  atBottom = true;
  below = 0;
  showJump();
}

function showJump() {
  jump.hidden = atBottom;
  const label = below ? count(below, 'new message') : 'Latest messages';
  jump.querySelector('span').textContent = label;
}

/** @param {{ conversation: Conversation, message: Message }} arrival */
function append({ conversation, message }) {
  if (conversation !== store.active) return;
  const { messages } = conversation;
  list.append(...rowsOf(message, messages[messages.length - 2]));
  showEmpty();
  if (atBottom || isMine(message)) {
    toBottom();
  } else {
    below += 1;
    showJump();
  }
}

/** @param {{ conversation: Conversation, message: Message }} change */
function refresh({ conversation, message }) {
  if (conversation !== store.active) return;
  const row = list.querySelector(`.message[data-key="${CSS.escape(message.key)}"]`);
  const { messages } = conversation;
  if (row) fill(row, message, continues(message, messages[messages.indexOf(message) - 1]));
  if (atBottom) toBottom();
}

export function showMessages() {
  store.on('active', () => {
    showAll();
    toBottom();
  });
  store.on('messages', (conversation) => {
    if (conversation !== store.active) return;
    showAll();
    if (atBottom) toBottom();
  });
  store.on('message', append);
  store.on('settled', refresh);
  let top = 0;
  scroller.addEventListener('scroll', () => {
    const { scrollHeight, scrollTop, clientHeight } = scroller;
    // Only the reader scrolls up; an image that gets its size just makes the list longer.
    if (scrollHeight - scrollTop - clientHeight < NEAR_BOTTOM_PX) atBottom = true;
    else if (scrollTop < top) atBottom = false;
    top = scrollTop;
    if (atBottom) below = 0;
    showJump();
  });
  // A keyboard that opens, a typing line, an image that gets its size: stay where the reader was.
  const stay = new ResizeObserver(() => atBottom && toBottom());
  stay.observe(scroller);
  stay.observe(list);
  jump.addEventListener('click', toBottom);
}
