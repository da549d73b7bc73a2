/**
 * The course of a soak as one SVG picture: lines over time, and below them when each kind of trouble was made. It
 * brings colours for light and dark pages, and no font. Pure.
 */
'use strict';

const WIDTH = 960;
const LEFT = 110;
const RIGHT = 40;
const HEAD_HEIGHT = 44;
const PANEL_HEIGHT = 110;
const PANEL_GAP = 44;
const ROW_HEIGHT = 18;
const BAR_HEIGHT = 10;
const LEAST_BAR = 2;

/** More points than this nobody sees: of each stretch the highest is drawn. */
const MOST_POINTS = 450;
const MB = 1e6;

const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #1f2328; }
  .head { font-size: 16px; font-weight: 600; }
  .title { font-weight: 600; }
  .quiet { fill: #59636e; }
  .grid { stroke: #d1d9e0; }
  .a { stroke: #0969da; fill: none; stroke-width: 1.5; }
  .b { stroke: #bc4c00; fill: none; stroke-width: 1.5; }
  .dot { fill: #1a7f37; }
  .bar { fill: #8250df; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; }
    .quiet { fill: #9198a1; }
    .grid { stroke: #3d444d; }
    .a { stroke: #4493f8; }
    .b { stroke: #f0883e; }
    .dot { fill: #3fb950; }
    .bar { fill: #ab7df8; }
  }`;

/** @typedef {{ at: number, value: number }} Point */
/**
 * @typedef {object} Panel
 * @property {string} title
 * @property {{ style: string, points: Point[] }[]} lines
 * @property {Point[]} [dots]
 * @property {boolean} [isLogarithmic]
 *
 * @param {import('../run/soak').Outcome} outcome
 * @returns {Panel[]}
 */
function panelsOf({ samples: { all, looks } }) {
  /** @param {(sample: import('./samples').Sample) => number} read */
  const line = (read) => thinned(all.map((sample) => ({ at: sample.at, value: read(sample) })));
  return [
    {
      title: 'Memory (RSS), MB; dots: V8’s heap after a collection',
      lines: [{ style: 'a', points: line(({ rss }) => rss / MB) }],
      dots: looks.map(({ at, heap }) => ({ at, value: heap / MB })),
    },
    {
      title: 'Descriptors; dots: when it was calm',
      lines: [{ style: 'a', points: line(({ descriptors }) => descriptors) }],
      dots: looks.map(({ at, descriptors }) => ({ at, value: descriptors })),
    },
    {
      title: 'Messages heard a second',
      lines: [{ style: 'a', points: line(({ rate }) => rate) }],
    },
    {
      title: 'Latency, ms: p50 (blue) and p99 (orange) of each second',
      isLogarithmic: true,
      lines: [
        { style: 'b', points: line(({ p99 }) => p99) },
        { style: 'a', points: line(({ p50 }) => p50) },
      ],
    },
  ];
}

/** @param {Point[]} points */
function thinned(points) {
  const each = Math.ceil(points.length / MOST_POINTS);
  return Array.from({ length: Math.ceil(points.length / each) }, (_, i) =>
    points.slice(i * each, (i + 1) * each).reduce((a, b) => (a.value >= b.value ? a : b)),
  );
}

/**
 * @param {number} most
 * @param {boolean} isLogarithmic
 * @returns {{ grid: number[], share: (value: number) => number }} lines, and how high a value stands
 */
function scaleOf(most, isLogarithmic) {
  const power = Math.floor(Math.log10(Math.max(most, 1)));
  if (isLogarithmic) {
    const grid = Array.from({ length: power + 2 }, (_, i) => 10 ** i);
    return { grid, share: (value) => Math.log10(Math.max(value, 1)) / (power + 1) };
  }
  const round = /** @type {number} */ ([1, 2, 5, 10].find((n) => n * 10 ** power >= most));
  const top = round * 10 ** power;
  return { grid: [0, top / 2, top], share: (value) => value / top };
}

class Drawing {
  /** @type {string[]} */
  #parts = [];
  y = HEAD_HEIGHT;

  /** @param {number} seconds */
  constructor(seconds) {
    this.seconds = Math.max(seconds, 1);
  }

  /** @param {number} at */
  #x(at) {
    return +(LEFT + (at / this.seconds) * (WIDTH - LEFT - RIGHT)).toFixed(1);
  }

  /** @param {string} style @param {number} x @param {number} y @param {string} text @param {string} [more] */
  text(style, x, y, text, more = '') {
    this.#parts.push(`<text class="${style}" x="${x}" y="${y}"${more}>${escape(text)}</text>`);
  }

  /** @param {Panel} panel */
  panel({ title, lines, dots = [], isLogarithmic = false }) {
    const points = [...lines.flatMap((line) => line.points), ...dots];
    const most = points.reduce((max, { value }) => Math.max(max, value), 0);
    const { grid, share } = scaleOf(most, isLogarithmic);
    const top = this.y + 20;
    const height = (/** @type {number} */ value) =>
      +(top + PANEL_HEIGHT * (1 - share(value))).toFixed(1);
    this.text('title', LEFT, this.y + 10, title);
    for (const value of grid) {
      const y = height(value);
      this.#parts.push(
        `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y}" y2="${y}"/>`,
      );
      this.text('quiet', LEFT - 8, y + 4, `${value}`, ' text-anchor="end"');
    }
    for (const line of lines) {
      const list = line.points.map(({ at, value }) => `${this.#x(at)},${height(value)}`).join(' ');
      this.#parts.push(`<polyline class="${line.style}" points="${list}"/>`);
    }
    for (const { at, value } of dots) {
      this.#parts.push(`<circle class="dot" cx="${this.#x(at)}" cy="${height(value)}" r="3"/>`);
    }
    this.y += PANEL_HEIGHT + PANEL_GAP;
  }

  /** @param {import('./samples').Mark[]} marks */
  marks(marks) {
    this.text('title', LEFT, this.y + 10, 'Trouble');
    this.y += 22;
    for (const kind of [...new Set(marks.map((mark) => mark.kind))].sort()) {
      this.text('quiet', LEFT - 8, this.y + BAR_HEIGHT - 1, kind, ' text-anchor="end"');
      for (const { from, to } of marks.filter((mark) => mark.kind === kind)) {
        const width = Math.max(LEAST_BAR, this.#x(to) - this.#x(from)).toFixed(1);
        this.#parts.push(
          `<rect class="bar" x="${this.#x(from)}" y="${this.y}" width="${width}" height="${BAR_HEIGHT}"/>`,
        );
      }
      this.y += ROW_HEIGHT;
    }
  }

  axis() {
    for (let i = 0; i <= 6; i++) {
      const at = (i * this.seconds) / 6;
      const text = this.seconds < 120 ? `${at.toFixed(0)} s` : `${(at / 60).toFixed(1)} min`;
      this.text('quiet', this.#x(at), this.y + 12, text, ' text-anchor="middle"');
    }
    this.y += 28;
  }

  /** @param {string} title */
  render(title) {
    return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${this.y}" width="${WIDTH}" height="${this.y}" role="img" aria-label="${escape(title)}">
<style>${STYLE}
</style>
<text class="head" x="${LEFT}" y="26">${escape(title)}</text>
${this.#parts.join('\n')}
</svg>
`;
  }
}

/** @param {string} text */
function escape(text) {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;');
}

/**
 * @param {import('../run/soak').Outcome} outcome
 * @returns {string} an SVG document
 */
function renderPlot(outcome) {
  const { settings, samples, ledger } = outcome;
  const drawing = new Drawing(samples.all.at(-1)?.at ?? 0);
  for (const panel of panelsOf(outcome)) drawing.panel(panel);
  drawing.marks(samples.marks);
  drawing.axis();
  const minutes = +(settings.seconds / 60).toFixed(2);
  return drawing.render(`${minutes} minutes, seed ${settings.seed}: ${ledger.heard} messages`);
}

module.exports = { renderPlot };
