/**
 * Attachments of what handlers in C++ tell: placeholders in the JSON stand for them.
 */
'use strict';

/**
 * Puts attachments in their places. However deep the value is, the stack does not grow.
 * @param {any[]} array which is changed
 * @param {Buffer[]} attachments
 */
function attach(array, attachments) {
  /** @type {any[]} */
  const open = attachments.length === 0 ? [] : [array];
  for (let parent = open.pop(); parent !== undefined; parent = open.pop()) {
    for (const key of Object.keys(parent)) {
      const child = parent[key];
      if (typeof child !== 'object' || child === null) continue;
      if (child._placeholder === true) parent[key] = attachments[child.num];
      else open.push(child);
    }
  }
}

module.exports = { attach };
