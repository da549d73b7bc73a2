'use strict';

/** `npm run profile`: what the profilers write becomes stacks, and stacks a picture. */

const { renderFlameGraph } = require('../../bench/profile/flame-graph');
const { readPerfScript } = require('../../bench/profile/perf');
const { readCpuProfile } = require('../../bench/profile/v8');
const { TOP } = require('../support/programs/programs');

/** @param {import('../../bench/profile/flame-graph').Stack} stack */
const told = ({ frames, weight }) => [
  frames.map(({ name, kind }) => `${name} (${kind})`).join(' > '),
  weight,
];

test('what perf prints is read: threads, kernel, addon, JavaScript', () => {
  const text = `node  4711
\tffffffff8 tcp_sendmsg+0x10 ([kernel.kallsyms])
\t    7f001 beastio::Flush(int) (/x/build/Profile/beastio.node)
\t    7f002 JS:*emit file://${TOP}/lib/api/socket.js:12:3 (/tmp/perf-4711.map)
\t    7f005 JS:^ node:net:7:9 (/tmp/perf-4711.map)
\t    7f003 [unknown] (/usr/lib/libc.so.6)

beastio io 1  4712
\t    7f004 epoll_wait (/usr/lib/libc.so.6)

`;
  expect(readPerfScript(text).map(told)).toEqual([
    [
      'thread node (other) > [libc.so.6] (other) > (anonymous) node:net:7:9 (javascript)' +
        ' > emit lib/api/socket.js:12:3 (javascript)' +
        ' > beastio::Flush(int) (beastio) > tcp_sendmsg+0x10 (kernel)',
      1,
    ],
    ['thread beastio io 1 (other) > epoll_wait (other)', 1],
  ]);
});

test("V8's profile is read, without the time in which the thread waits", () => {
  const call = (/** @type {string} */ functionName, url = '') => ({
    functionName,
    url,
    lineNumber: 4,
  });
  const profile = {
    nodes: [
      { id: 1, callFrame: call('(root)'), children: [2, 3] },
      { id: 2, callFrame: call('(idle)') },
      { id: 3, callFrame: call('onWake', `file://${TOP}/lib/a.js`), children: [4] },
      { id: 4, callFrame: call('', 'node:net') },
    ],
    samples: [2, 3, 4, 4],
    timeDeltas: [100, 10, 20, 5],
  };
  expect(readCpuProfile(profile).map(told)).toEqual([
    ['onWake lib/a.js:5 (javascript)', 10],
    ['onWake lib/a.js:5 (javascript) > (anonymous) node:net:5 (javascript)', 25],
  ]);
});

test('the picture has a frame for each caller, with its share of all', () => {
  const frame = (/** @type {string} */ name) => ({ name, kind: /** @type {const} */ ('other') });
  const svg = renderFlameGraph('echo <1>', [
    { frames: [frame('main'), frame('std::vector<int>')], weight: 3 },
    { frames: [frame('main'), frame('other')], weight: 1 },
  ]);
  const titles = [...svg.matchAll(/<title>(.*?)<\/title>/g)].map(([, title]) => title);
  expect(titles).toEqual([
    'all: 100.00 %',
    'main: 100.00 %',
    'other: 25.00 %',
    'std::vector&#60;int&#62;: 75.00 %',
  ]);
  const widths = [...svg.matchAll(/<rect x="[\d.]+" y="\d+" width="([\d.]+)" height="16"/g)];
  expect(widths.map(([, width]) => Number(width))).toEqual([1600, 1600, 400, 1200]);
  expect(svg).toContain('echo &#60;1&#62;');
});
