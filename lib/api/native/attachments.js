/**
 * Attachments of what handlers in C++ tell: placeholders in the JSON stand for them.
 */
'use strict';

/**
 * @param {any} value
 * @param {Buffer[]} attachments
 * @returns {any} the value with the attachments in it; arrays and objects are changed
 */
function attach(value, attachments) {
  if (attachments.length === 0 || typeof value !== 'object' || value === null) return value;
  if (value._placeholder === true) return attachments[value.num];
  for (const key of Object.keys(value)) value[key] = attach(value[key], attachments);
  return value;
}

module.exports = { attach };
