/**
 * The results as one SVG picture: a panel for each scenario, a bar for each server, ours in colour. It brings
 * colours for light and dark pages, and no font. Pure.
 */
'use strict';

const { digits } = require('./markdown');
const { roundsText, summarize } = require('./summary');
const { whyNot } = require('../servers');

const COLUMNS = 2;
const PANEL_WIDTH = 470;
const MARGIN = 16;
const TITLE_HEIGHT = 40;
const ROW_HEIGHT = 20;
const LABEL_WIDTH = 190;
const VALUE_WIDTH = 62;
const BAR_HEIGHT = 12;
const HEAD_HEIGHT = 44;

const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #1f2328; }
  .head { font-size: 16px; font-weight: 600; }
  .title { font-weight: 600; }
  .quiet { fill: #59636e; }
  .ours { fill: #0969da; }
  .peer { fill: #afb8c1; }
  .limit { fill: none; stroke: #59636e; stroke-dasharray: 3 2; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; }
    .quiet { fill: #9198a1; }
    .ours { fill: #4493f8; }
    .peer { fill: #59636e; }
    .limit { stroke: #9198a1; }
  }`;

/** @param {string} text */
function escape(text) {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/**
 * @typedef {object} Panel
 * @property {string} title
 * @property {string} unit
 * @property {{ title: string, kind: string, value: number }[]} bars
 *
 * @param {import('./report').Bench} bench
 * @returns {Panel[]} the first metric of every scenario
 */
function panelsOf({ cells, options }) {
  return options.scenarios
    .filter(({ plotted }) => plotted)
    .map((scenario) => {
      const able = options.servers.filter((server) => whyNot(server, scenario) === undefined);
      const bars = summarize(cells, scenario, able)
        .filter(({ rounds }) => rounds > 0)
        .map(({ server, figures }) => ({
          title: server.title,
          kind: server.kind,
          value: figures[0].median,
        }));
      return { title: scenario.title, unit: scenario.metrics[0].title, bars };
    })
    .filter(({ bars }) => bars.length > 0);
}

/** @param {string} kind */
function barClass(kind) {
  return kind === 'ours' || kind === 'limit' ? kind : 'peer';
}

/**
 * @param {Panel} panel
 * @param {number} x
 * @param {number} y
 */
function drawPanel({ title, unit, bars }, x, y) {
  const longest = Math.max(...bars.map(({ value }) => value));
  const room = PANEL_WIDTH - LABEL_WIDTH - VALUE_WIDTH;
  const rows = bars.map((bar, i) => {
    const top = y + TITLE_HEIGHT + i * ROW_HEIGHT;
    const width = Math.max(1, Math.round((bar.value / longest) * room));
    const baseline = top + BAR_HEIGHT - 1;
    return [
      `<text x="${x + LABEL_WIDTH - 8}" y="${baseline}" text-anchor="end">${escape(bar.title)}</text>`,
      `<rect class="${barClass(bar.kind)}" x="${x + LABEL_WIDTH}" y="${top}" width="${width}" height="${BAR_HEIGHT}" rx="2"/>`,
      `<text x="${x + LABEL_WIDTH + width + 6}" y="${baseline}">${digits(bar.value)}</text>`,
    ].join('\n');
  });
  return [
    `<text class="title" x="${x}" y="${y + 12}">${escape(title)}</text>`,
    `<text class="quiet" x="${x}" y="${y + 28}">${escape(unit)}, less is better</text>`,
    ...rows,
  ].join('\n');
}

/**
 * @param {import('./report').Bench} bench
 * @returns {string} an SVG document
 */
function renderPlot(bench) {
  const panels = panelsOf(bench);
  const rowsOfPanels = Array.from({ length: Math.ceil(panels.length / COLUMNS) }, (_, i) =>
    panels.slice(i * COLUMNS, (i + 1) * COLUMNS),
  );
  let y = HEAD_HEIGHT;
  const drawn = rowsOfPanels.map((row) => {
    const top = y;
    y += TITLE_HEIGHT + Math.max(...row.map(({ bars }) => bars.length)) * ROW_HEIGHT + MARGIN;
    return row
      .map((panel, i) => drawPanel(panel, MARGIN + i * (PANEL_WIDTH + MARGIN), top))
      .join('\n');
  });
  const width = COLUMNS * (PANEL_WIDTH + MARGIN) + MARGIN;
  const head = `What the server's process spends, median of rounds: ${roundsText(bench.options)} (${bench.date})`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" width="${width}" height="${y}" role="img" aria-label="${escape(head)}">
<style>${STYLE}
</style>
<text class="head" x="${MARGIN}" y="26">${escape(head)}</text>
${drawn.join('\n')}
</svg>
`;
}

module.exports = { renderPlot };
