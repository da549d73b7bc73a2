/**
 * Pictures before they are sent: read, and made smaller on a canvas when they are above 1 MB.
 */

const SEND_AS_IT_IS = 1_000_000;
const TYPES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];
/** Longest edge and JPEG quality, tried in turn until the result fits. */
const STEPS = [
  [2048, 0.86],
  [1600, 0.82],
  [1280, 0.76],
  [960, 0.7],
];

/** @typedef {{ blob: Blob, width: number, height: number }} Picture */

/**
 * @param {Blob} file
 * @returns {Promise<Picture>} rejects with a sentence for the person
 */
export async function preparePicture(file) {
  const bitmap = await createImageBitmap(file).catch(() => {
    throw new Error('This file is not an image that the browser can read.');
  });
  const { width, height } = bitmap;
  if (file.size <= SEND_AS_IT_IS && TYPES.includes(file.type)) return { blob: file, width, height };
  for (const [edge, quality] of STEPS) {
    const picture = await shrink(bitmap, edge, quality);
    if (picture.blob.size <= SEND_AS_IT_IS) return picture;
  }
  throw new Error('This image stays too large, even when it is made smaller.');
}

/**
 * @param {ImageBitmap} bitmap
 * @param {number} edge
 * @param {number} quality
 * @returns {Promise<Picture>}
 */
async function shrink(bitmap, edge, quality) {
  const scale = Math.min(1, edge / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  // JPEG has no transparency: without this, see-through parts would turn black.
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((resolve) => {
    canvas.toBlob(resolve, 'image/jpeg', quality);
  });
  if (!blob) throw new Error('This image is too large for the browser.');
  return { blob, width: canvas.width, height: canvas.height };
}

/** @param {DataTransfer | null} transfer @returns {File[]} the images of a drop or a paste */
export function imagesOf(transfer) {
  return [...(transfer?.files ?? [])].filter((file) => file.type.startsWith('image/'));
}
