/**
 * Small tools to build the page: elements from code (text stays text), icons, and words for
 * times and numbers.
 */

/** @param {string} id @returns {any} the element; the page is written by hand, so it is there */
export const byId = (id) => document.getElementById(id);

/**
 * Makes an element. Properties named on… are listeners; `data`, `aria` and `css` are maps.
 * @param {string} tag with optional classes: 'div.bubble.own'
 * @param {Record<string, any>} [properties]
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {any}
 */
export function el(tag, properties = {}, ...children) {
  const [name, ...classes] = tag.split('.');
  const element = document.createElement(name);
  if (classes.length > 0) element.className = classes.join(' ');
  for (const [key, value] of Object.entries(properties)) {
    if (key.startsWith('on')) element.addEventListener(key.slice(2).toLowerCase(), value);
    else if (key === 'data') Object.assign(element.dataset, value);
    else if (key === 'aria') setAria(element, value);
    else if (key === 'css') setVariables(element, value);
    else Object.assign(element, { [key]: value });
  }
  for (const child of children) if (child) element.append(child);
  return element;
}

/** @param {Element} element @param {Record<string, string | boolean | null>} values */
function setAria(element, values) {
  for (const [key, value] of Object.entries(values)) {
    if (value !== null) element.setAttribute(`aria-${key}`, String(value));
  }
}

/** @param {HTMLElement} element @param {Record<string, string | number>} values */
function setVariables(element, values) {
  for (const [key, value] of Object.entries(values)) {
    element.style.setProperty(`--${key}`, String(value));
  }
}

/**
 * Makes the children of a list match the items. A row whose signature is unchanged stays as it is,
 * and a row that is replaced hands its keyboard focus on.
 * @template Item
 * @param {HTMLElement} parent
 * @param {Item[]} items
 * @param {(item: Item) => { key: string, signature: string }} describe
 * @param {(item: Item) => HTMLElement} render
 */
export function syncList(parent, items, describe, render) {
  const old = new Map([...parent.children].map((row) => [row.getAttribute('data-key'), row]));
  const focused = document.activeElement?.closest('[data-key]');
  const rows = items.map((item) => {
    const { key, signature } = describe(item);
    const row = /** @type {HTMLElement | undefined} */ (old.get(key));
    if (row?.dataset.signature === signature) return row;
    const fresh = render(item);
    Object.assign(fresh.dataset, { key, signature });
    return fresh;
  });
  if (rows.length === old.size && rows.every((row, index) => row === parent.children[index]))
    return;
  const key = focused && parent.contains(focused) ? focused.getAttribute('data-key') : null;
  parent.replaceChildren(...rows);
  const heir = rows.find((row) => row.dataset.key === key);
  (heir?.matches('button') ? heir : heir?.querySelector('button'))?.focus();
}

const SVG = 'http://www.w3.org/2000/svg';

/** @param {string} name of a symbol in index.html */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `#icon-${name}`);
  svg.setAttribute('aria-hidden', 'true');
  svg.append(use);
  return svg;
}

/** @param {string} id @returns {number} a hue that stays with the person */
function hueOf(id) {
  let hash = 0;
  for (const char of id) hash = (hash * 31 + char.charCodeAt(0)) >>> 0;
  return (hash * 47) % 360;
}

/** @param {string} nick */
function initialsOf(nick) {
  const words = nick.split(/[\s._'-]+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words[1]].map((word) => [...word][0]) : [...nick];
  return letters.slice(0, 2).join('').toUpperCase();
}

/**
 * The coloured initials of a person.
 * @param {{ id: string, nick: string, away?: boolean, gone?: boolean }} person
 * @param {boolean} [presence] with the dot that says whether they are here
 */
export function avatar(person, presence = false) {
  const state = person.gone ? 'gone' : person.away ? 'away' : 'here';
  return el(
    'span.avatar',
    { css: { hue: hueOf(person.id) }, aria: { hidden: true }, data: presence ? { state } : {} },
    initialsOf(person.nick),
  );
}

/** @param {string} id */
export const nickColour = (id) => ({ hue: hueOf(id) });

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const DAY = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });

/** @param {number} at */
export const clock = (at) => CLOCK.format(at);

/** @param {number} at */
export const dayKey = (at) => new Date(at).toDateString();

/** @param {number} at */
export function dayName(at) {
  const day = 86_400_000;
  if (dayKey(at) === dayKey(Date.now())) return 'Today';
  if (dayKey(at) === dayKey(Date.now() - day)) return 'Yesterday';
  return DAY.format(at);
}

/** @param {number} n @param {string} one @param {string} [many] */
export const count = (n, one, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;

/** @param {number} bytes */
export const size = (bytes) =>
  bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1000))} KB` : `${(bytes / 1e6).toFixed(1)} MB`;

/**
 * Text with its web addresses as links.
 * @param {string} text
 * @returns {(Node | string)[]}
 */
export function linkified(text) {
  return text
    .split(/(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)'\]])/g)
    .map((part, index) =>
      index % 2 === 0
        ? part
        : el('a', { href: part, target: '_blank', rel: 'noopener noreferrer' }, part),
    );
}
