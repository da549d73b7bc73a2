/**
 * Where a message is made: text with Enter to send, and images by button, paste or drop. The others get the
 * hint that something is being typed. Drafts stay with their conversation.
 */
import { byId, el, icon, size } from './dom.js';
import { imagesOf, preparePicture } from './images.js';
import { send } from './outbox.js';
import { session } from './session.js';
import { store } from './store.js';

const IMAGES_AT_ONCE = 4;
const TYPING_EVERY_MS = 2000;

const text = byId('text');
const strip = byId('attachments');
/** @type {{ picture: import('./images.js').Picture, url: string }[]} */
let attached = [];
let typingTo = '';
let typingAt = 0;

function submit() {
  const { active } = store;
  const words = text.value.trim();
  if (!active || (words === '' && attached.length === 0)) return;
  stopTyping();
  // The words go with the last image, as its caption.
  const last = attached.pop();
  for (const { picture } of attached) send(active.id, '', picture);
  send(active.id, words, last?.picture);
  for (const { url } of last ? [...attached, last] : []) URL.revokeObjectURL(url);
  attached = [];
  active.draft = text.value = '';
  byId('composer-error').textContent = '';
  showAttached();
  fit();
}

/** @param {File[]} files */
async function attach(files) {
  const error = byId('composer-error');
  error.textContent = '';
  for (const file of files) {
    if (attached.length >= IMAGES_AT_ONCE) {
      error.textContent = `Up to ${IMAGES_AT_ONCE} images at once.`;
      break;
    }
    try {
      const picture = await preparePicture(file);
      attached.push({ picture, url: URL.createObjectURL(picture.blob) });
    } catch (problem) {
      error.textContent = /** @type {Error} */ (problem).message;
    }
    showAttached();
  }
  text.focus();
}

function showAttached() {
  strip.hidden = attached.length === 0;
  strip.replaceChildren(
    ...attached.map((one, index) =>
      el(
        'figure',
        {},
        el('img', { src: one.url, alt: `Image ${index + 1} to send` }),
        el('figcaption', {}, size(one.picture.blob.size)),
        el(
          'button.icon-button',
          {
            type: 'button',
            aria: { label: `Remove image ${index + 1}` },
            onClick: () => {
              URL.revokeObjectURL(one.url);
              attached = attached.filter((other) => other !== one);
              showAttached();
              text.focus();
            },
          },
          icon('close'),
        ),
      ),
    ),
  );
  showSend();
}

function showSend() {
  byId('send').disabled = !store.active || (text.value.trim() === '' && attached.length === 0);
}

/** The field grows with its text, up to the limit in the style sheet. */
function fit() {
  text.style.height = 'auto';
  text.style.height = `${text.scrollHeight}px`;
  showSend();
}

function sayTyping() {
  if (text.value.trim() === '') {
    stopTyping();
    return;
  }
  if (typingTo === store.activeId && Date.now() - typingAt < TYPING_EVERY_MS) return;
  typingTo = store.activeId;
  typingAt = Date.now();
  session.sayTyping(typingTo, true);
}

function stopTyping() {
  if (typingTo) session.sayTyping(typingTo, false);
  typingTo = '';
}

function acceptDrops() {
  const area = byId('conversation');
  const hint = byId('drop-hint');
  let depth = 0;
  /** @param {number} change */
  const enter = (change) => {
    depth = Math.max(0, depth + change);
    hint.hidden = depth === 0;
  };
  /** @param {DragEvent} event */
  const hasFiles = (event) => event.dataTransfer?.types.includes('Files');
  area.addEventListener(
    'dragenter',
    (/** @type {DragEvent} */ event) => hasFiles(event) && enter(1),
  );
  area.addEventListener(
    'dragleave',
    (/** @type {DragEvent} */ event) => hasFiles(event) && enter(-1),
  );
  // Beside the conversation as well: a missed drop must not replace the page by the image.
  addEventListener('dragover', (event) => event.preventDefault());
  addEventListener('drop', (event) => {
    event.preventDefault();
    enter(-depth);
    if (area.contains(/** @type {Node} */ (event.target))) attach(imagesOf(event.dataTransfer));
  });
}

export function prepareComposer() {
  byId('composer').addEventListener('submit', (/** @type {Event} */ event) => {
    event.preventDefault();
    submit();
  });
  text.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  });
  text.addEventListener('input', () => {
    fit();
    sayTyping();
  });
  text.addEventListener('blur', stopTyping);
  text.addEventListener('paste', (/** @type {ClipboardEvent} */ event) => {
    const images = imagesOf(event.clipboardData);
    if (images.length === 0) return;
    event.preventDefault();
    attach(images);
  });
  byId('files').addEventListener('change', (/** @type {any} */ event) => {
    attach([...event.target.files]);
    event.target.value = '';
  });
  let shown = '';
  store.on('active', () => {
    const before = store.conversations.get(shown);
    if (before) before.draft = text.value;
    const { active } = store;
    shown = store.activeId;
    text.value = active?.draft ?? '';
    text.placeholder = active ? `Message ${active.peer ? active.peer.nick : active.id}` : '';
    text.disabled = !active;
    fit();
    if (matchMedia('(hover: hover)').matches) text.focus();
  });
  acceptDrops();
}
