/** Polling by scripts, with `j` in the query. */
'use strict';

const {
  POSTED,
  answer,
  begin,
  describeGroups,
  emit,
  handshake,
  happened,
  onServer,
  open,
  payload,
  poll,
  post,
} = require('../support/rows');
const { ENGINE_NAMES } = require('../support/subjects');

const TOLD = 'open polling v4';

/** A payload as a call in a script. */
const script = (/** @type {string} */ body, index = '7') =>
  payload(`___eio[${index}](${JSON.stringify(body)});`);
const speak = (/** @type {string} */ j) => (talk) => {
  talk.query = { j };
};
const FORM = { headers: { 'Content-Type': 'application/x-www-form-urlencoded' } };
const OPEN = `open: ${script(handshake())}`;
const form = (/** @type {string} */ body) => `d=${encodeURIComponent(body)}`;

const accepted = (name, body, told) => ({
  name,
  steps: [speak('7'), open(), post(body, FORM), emit('still here'), poll()],
  sees: [OPEN, `POST: ${POSTED}`, `GET: ${script('4still here')}`],
  told: [TOLD, ...told],
});

describeGroups(ENGINE_NAMES, [
  {
    title: 'JSONP',
    rows: [
      ...[
        ['12', '12'],
        ['alert(1)', '1'],
        ['x', ''],
        ['1;2', '12'],
      ].map(([j, index]) => ({
        name: `j=${j}`,
        steps: [speak(j), open()],
        sees: [`open: ${script(handshake(), index)}`],
        told: [TOLD],
      })),
      accepted('a message', form('4hello'), ['data "hello"']),
      accepted('several packets', form('4a\x1e4b'), ['data "a"', 'data "b"']),
      accepted('binary', form('bAQI='), ['data <0102>']),
      accepted('an escaped line feed is one', form('4a\\nb'), ['data "a\\nb"']),
      accepted('a line feed escaped twice is its escape', form('4a\\\\nb'), ['data "a\\\\nb"']),
      accepted('plus is a space', 'd=4a+b', ['data "a b"']),
      accepted('a body without d says nothing', 'x=4a', []),
      accepted('two d say nothing', 'd=4a&d=4b', []),
      {
        name: 'outgoing text that would break a script',
        steps: [speak('7'), open(), emit('"\u2028\u2029</script>\n'), poll()],
        sees: [OPEN, `GET: ${payload('___eio[7]("4\\"\\u2028\\u2029</script>\\n");')}`],
        told: [TOLD],
      },
      {
        name: 'outgoing binary',
        steps: [speak('7'), open(), emit('a', Buffer.from([1, 2])), poll()],
        sees: [OPEN, `GET: ${script('4a\x1ebAQI=')}`],
        told: [TOLD],
      },
      {
        name: 'an empty d',
        steps: [speak('7'), open(), post('d=', FORM), happened('close')],
        sees: [OPEN, `POST: ${POSTED}`],
        told: [TOLD, 'close parse error'],
      },
      {
        name: 'the server closes',
        steps: [
          speak('7'),
          open(),
          begin('poll', 'GET'),
          onServer((conn) => conn.close()),
          answer('poll'),
        ],
        sees: [OPEN, `poll: ${script('1')}`],
        told: [TOLD, 'close forced close'],
      },
      {
        name: 'the transport is chosen by the first request only',
        steps: [open(), emit('a'), poll({ query: { j: '1' } })],
        sees: [`open: ${payload(handshake())}`, `GET: ${payload('4a')}`],
        told: [TOLD],
      },
    ],
  },
  {
    title: 'JSONP of the third revision',
    opts: { allowEIO3: true },
    rows: [
      {
        name: 'a session',
        steps: [
          (talk) => {
            talk.query = { EIO: '3', j: '0', b64: '1' };
          },
          open(),
          post(form('2:4a'), FORM),
          emit('b', Buffer.from([1])),
          poll(),
        ],
        sees: [
          `open: ${script(`${handshake().length}:${handshake()}`, '0')}`,
          `POST: ${POSTED}`,
          `GET: ${script('2:4b6:b4AQ==', '0')}`,
        ],
        told: ['open polling v3', 'data "a"'],
      },
    ],
  },
]);
