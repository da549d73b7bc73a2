/**
 * What people do and see on the page of the demo chat.
 */
'use strict';

/* global DataTransfer, ImageData, OffscreenCanvas -- inside the functions that a page evaluates */

/** @typedef {import('playwright-core').Page} Page */

/** @param {Page} page @param {string} text */
async function say(page, text) {
  await page.fill('#text', text);
  await page.press('#text', 'Enter');
}

/** @param {Page} page @param {string} text the words of a message, which must be there once */
async function sees(page, text) {
  const words = page.locator('.message p', { hasText: text });
  await words.first().waitFor();
  expect(await words.count()).toBe(1);
}

/** @param {Page} page @param {Record<string, string>} expected data of the banner */
async function bannerShows(page, expected) {
  const parts = Object.entries(expected).map(([key, value]) => `[data-${key}="${value}"]`);
  await page.waitForSelector(`#banner${parts.join('')}`);
}

/** @param {Page} page @param {string} nick @param {'here' | 'away'} state */
async function seesPerson(page, nick, state) {
  const row = page.locator('#people-list .row', { hasText: nick });
  await row.locator(`[data-state="${state}"]`).waitFor();
}

/**
 * A PNG made by the page: one colour, or noise, which does not compress.
 * @param {Page} page
 * @param {{ width: number, height: number, rgb?: number[] }} picture
 * @returns {Promise<Buffer>}
 */
async function pngFrom(page, { width, height, rgb }) {
  const base64 = await page.evaluate(
    async ([w, h, colour]) => {
      const canvas = new OffscreenCanvas(w, h);
      const context = canvas.getContext('2d');
      const image = new ImageData(w, h);
      for (let at = 0; at < image.data.length; at += 4) {
        image.data.set(colour ?? [0, 0, 0].map(() => Math.random() * 256), at);
        image.data[at + 3] = 255;
      }
      context.putImageData(image, 0, 0);
      return new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer()).toBase64();
    },
    [width, height, rgb],
  );
  return Buffer.from(base64, 'base64');
}

/**
 * What arrived as the latest image of somebody else: its bytes, and what the browser makes of them.
 * @param {Page} page
 * @param {string} caption of its message
 */
async function receivedImage(page, caption) {
  const message = page.locator('.message:not(.mine)', { hasText: caption });
  return message.locator('.picture[data-state="shown"] img').evaluate(async (img) => {
    await img.decode();
    const { naturalWidth: width, naturalHeight: height } = img;
    const context = new OffscreenCanvas(width, height).getContext('2d');
    context.drawImage(img, 0, 0);
    const blob = await (await fetch(img.src)).blob();
    const base64 = new Uint8Array(await blob.arrayBuffer()).toBase64();
    const pixel = [...context.getImageData(width >> 1, height >> 1, 1, 1).data];
    return { width, height, pixel, type: blob.type, base64 };
  });
}

/** @param {Buffer} buffer */
const asFile = (buffer) => ({ name: 'picture.png', mimeType: 'image/png', buffer });

/** @param {Page} page @param {import('playwright-core').FilePayload} file @param {string} caption */
async function shareByButton(page, file, caption) {
  await page.setInputFiles('#files', file);
  await page.waitForSelector('#attachments figure');
  await say(page, caption);
}

/** @param {Page} page @param {Buffer} png @param {string} caption */
async function shareByDrop(page, png, caption) {
  const dataTransfer = await page.evaluateHandle((base64) => {
    const transfer = new DataTransfer();
    const file = new File([Uint8Array.fromBase64(base64)], 'a.png', { type: 'image/png' });
    transfer.items.add(file);
    return transfer;
  }, png.toString('base64'));
  await page.dispatchEvent('#messages', 'drop', { dataTransfer });
  await page.waitForSelector('#attachments figure');
  await say(page, caption);
}

module.exports = {
  asFile,
  bannerShows,
  pngFrom,
  receivedImage,
  say,
  sees,
  seesPerson,
  shareByButton,
  shareByDrop,
};
