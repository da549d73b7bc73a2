/**
 * One image on the whole screen: Escape, the button or a click beside the image close it.
 */
import { byId, clock, size } from './dom.js';

const dialog = byId('lightbox');
const [img, caption, save, close] = ['img', 'p', 'a', 'button'].map((tag) =>
  dialog.querySelector(tag),
);

/** @param {import('./store.js').Message} message with an image that is shown */
export function openLightbox({ from, at, image }) {
  if (!image?.url) return;
  img.src = image.url;
  img.alt = `Image from ${from.nick}`;
  const pixels = image.width ? ` · ${image.width} × ${image.height}` : '';
  caption.textContent = `${from.nick}, ${clock(at)}${pixels} · ${size(image.bytes)}`;
  save.href = image.url;
  save.download = `chat-image.${image.type.split('/')[1]}`;
  dialog.showModal();
}

close.addEventListener('click', () => dialog.close());
dialog.addEventListener('click', (/** @type {Event} */ event) => {
  if (event.target === dialog) dialog.close();
});
