/**
 * Socket.IO packets that a client by hand sends: by the rules, and against all of them. A message is
 * a text, or `{ bytes: text }`.
 */
'use strict';

/** @typedef {import('./dice').Dice} Dice */
/** @typedef {string | { bytes: string }} Message */

const PAYLOADS = [
  '["a"]',
  '["a",1]',
  '["b","x",{"y":[null]}]',
  '["message","hello"]',
  '["ask"]',
  '["error","sent by a client"]',
  '[5,1]',
  '[""]',
  '["__proto__",{"__proto__":{"x":1}}]',
  '["toString"]',
  '["a",{"_placeholder":true,"num":0}]',
  `["a","${'x'.repeat(2000)}"]`,
  '["a","\\u2028\\ud800é🎈"]',
  '["unheard",1]',
];

const BAD_PAYLOADS = [
  '',
  '[]',
  '["disconnect"]',
  '["connect"]',
  '["newListener"]',
  '[null]',
  '[{}]',
  '[true,1]',
  '{}',
  '"a"',
  'null',
  '["a"',
  '["a"]x',
  '["a",undefined]',
  '[1e999]',
  '["a",01]',
  ' ["a"]',
  '["a"] ',
  '["a",1,]',
];

/** What goes wrong, as whole messages. */
const BAD = [
  '4',
  '42',
  '40{"m":"pass"}',
  '40null',
  '40[]',
  '40"x"',
  '40/',
  '40/unknown,',
  '40/a,{"m":"pass"}',
  '40/a?x=1,',
  '41',
  '41x',
  '41/a',
  '41/a,',
  '43',
  '4312[]',
  '43[]',
  '43x[]',
  '4399999999999999999999["x"]',
  '44',
  '44{"message":"x"}',
  '45',
  '45-["a"]',
  '450-["a"]',
  '451-["a",{"_placeholder":true,"num":7}]',
  '451-["a",{"_placeholder":true,"num":"0"}]',
  '4511-["a"]',
  '451.5-["a"]',
  '451-',
  '461-0[{"_placeholder":true,"num":0}]',
  '49',
  '4x',
  '42/a',
  '42/a,',
  '42/unknown,["a"]',
  '42 ["a"]',
  '42-1["a"]',
  '421.5["a"]',
  '4201["a"]',
  '42+7["a"]',
  '420x5["a"]',
  '421e3["a"]',
];

/** What is no packet to the engine. */
const NONSENSE = ['2', '3', '1', '5', '6', '0', '7', '', 'x'];

/**
 * Some messages, sent in one write.
 * @param {Dice} dice
 * @param {readonly string[]} namespaces
 * @returns {Message[]}
 */
function chooseMessages(dice, namespaces) {
  return dice.list(1, 4, () => chooseGroup(dice, namespaces)).flat();
}

/**
 * @param {Dice} dice
 * @param {readonly string[]} namespaces
 * @returns {Message[]}
 */
function chooseGroup(dice, namespaces) {
  const nsp = dice.chance(65) ? '/' : dice.pick(namespaces);
  const to = nsp === '/' ? (dice.chance(3) ? '/,' : '') : `${nsp},`;
  const id = dice.chance(30) ? String(dice.number(20)) : '';
  return dice.weigh([
    [30, () => [`42${to}${id}${dice.pick(PAYLOADS)}`]],
    [6, () => chooseBinary(dice, to, id)],
    [3, () => [`43${to}${dice.number(6)}["an answer"]`]],
    [2, () => [`40${to}{"m":"pass"}`]],
    [2, () => [`41${to}`]],
    [2, () => [`42${to}${id}${dice.pick(BAD_PAYLOADS)}`]],
    [2, () => [dice.pick(BAD)]],
    [2, () => [mutate(dice, `42${to}${id}${dice.pick(PAYLOADS)}`)]],
    [1, () => [{ bytes: 'unexpected' }]],
  ]);
}

/**
 * A packet with attachments, of which one may be missing, or one too many.
 * @param {Dice} dice
 * @param {string} to
 * @param {string} id
 * @returns {Message[]}
 */
function chooseBinary(dice, to, id) {
  const count = 1 + dice.number(3);
  const places = Array.from({ length: count }, (_, num) => ({ _placeholder: true, num }));
  const header = `45${count}-${to}${id}${JSON.stringify(['a', ...places])}`;
  const sent = dice.chance(90) ? count : count + dice.pick([-1, 1]);
  return [header, ...Array.from({ length: sent }, (_, num) => ({ bytes: `bytes ${num}` }))];
}

/**
 * A text with some characters left out, doubled or changed.
 * @param {Dice} dice
 * @param {string} text
 */
function mutate(dice, text) {
  const characters = [...text];
  for (let i = 0; i < 1 + dice.number(2); i++) {
    const at = 1 + dice.number(Math.min(characters.length, 12));
    const put = dice.pick(['', '0', '-', ',', '/', '[', '"', ' ', '1', '\u0000', '9', 'é']);
    characters.splice(at, dice.number(2), put);
  }
  return characters.join('');
}

/**
 * A message that is none, to be sent alone: what came before it in one read may be lost.
 * @param {Dice} dice
 */
function chooseNonsense(dice) {
  return dice.pick(NONSENSE);
}

module.exports = { chooseMessages, chooseNonsense };
