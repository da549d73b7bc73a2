/** Cards with a plot and its newest numbers. Under the pointer they show the numbers of that moment. */

/* global uPlot */

const HEIGHT = 150;
const AXIS_WIDTH = 58;
const LABEL_WIDTH = 30;
const FONT = '11px system-ui, sans-serif';
const INCREMENTS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].flatMap((power) =>
  [1, 2, 5].map((step) => step * 10 ** power),
);

/** Colours are those of the style sheet, so they follow the scheme. */
const styles = getComputedStyle(document.documentElement);
const color = (name) => styles.getPropertyValue(`--${name}`).trim();

const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

const axis = (more) => ({
  stroke: () => color('soft'),
  font: FONT,
  ticks: { show: false },
  ...more,
  grid: { stroke: () => color('grid'), width: 1, ...more.grid },
});

/** The frame of a card, and what of it changes. */
class Card {
  /**
   * @param {Element} grid that it is put into, before the cards of the page itself
   * @param {{ title: string, keys: { name: string, color: string }[] }} spec
   */
  constructor(grid, { title, keys }) {
    this.plot = make('div', { className: 'plot' });
    this.plot.setAttribute('role', 'img');
    this.note = make('p', { className: 'note' });
    this.values = keys.map(() => make('dd', {}, '–'));
    const pairs = keys.map((key, i) => {
      const pair = make('div', {}, make('dt', {}, key.name), this.values[i]);
      pair.style.setProperty('--key', `var(--${key.color})`);
      return pair;
    });
    const list = make('dl', { className: 'keys' }, ...pairs);
    this.element = make('section', { className: 'card' }, make('h2', {}, title), list);
    this.element.append(this.plot, this.note);
    grid.insertBefore(this.element, grid.querySelector('.last'));
  }

  /** Has the plot as wide as the card, whatever happens to the window. */
  fit(chart) {
    new ResizeObserver(() => {
      const width = this.plot.clientWidth;
      if (width > 0 && width !== chart.width) chart.setSize({ width, height: HEIGHT });
    }).observe(this.plot);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () =>
      chart.redraw(true, true),
    );
  }
}

/** Lines over time. */
export class TimeChart {
  #card;
  #chart;
  #spec;
  #data;

  /**
   * @param {Element} grid
   * @param {{ title: string, keys: { name: string, color: string, of: (sample: any) => number | null }[],
   *   format: (value: number) => string, least: number, increments?: number[] }} spec `least`: what the axis has in any case
   */
  constructor(grid, spec) {
    this.#spec = spec;
    this.#card = new Card(grid, spec);
    const { format, keys, least, increments = INCREMENTS } = spec;
    this.#data = [[], ...keys.map(() => [])];
    this.#chart = new uPlot(
      {
        width: this.#card.plot.clientWidth || 300,
        height: HEIGHT,
        padding: [8, 8, 0, 0],
        legend: { show: false },
        cursor: { sync: { key: 'time' }, y: false, drag: { x: false, y: false } },
        scales: {
          x: { time: true, range: () => this.window },
          y: { range: (_chart, _min, max) => [0, Math.max(max * 1.08, least)] },
        },
        axes: [
          axis({
            grid: { show: false },
            size: 24,
            space: 80,
            values: (_chart, splits) => splits.map((at) => this.clock(at)),
          }),
          axis({
            size: AXIS_WIDTH,
            space: 26,
            incrs: increments,
            values: (_chart, splits) => splits.map(format),
          }),
        ],
        series: [
          {},
          ...keys.map(({ name, color: of }, i) => ({
            label: name,
            stroke: () => color(of),
            fill: i === 0 ? () => `${color(of)}1f` : undefined,
            width: 2,
            points: { show: false },
          })),
        ],
        hooks: { setCursor: [() => this.#showValues()] },
      },
      this.#data,
      this.#card.plot,
    );
    this.#card.fit(this.#chart);
  }

  /** What the x axis shows. @type {[from: number, to: number]} */
  window = [0, 1];
  /** How the x axis is labelled. */
  clock = String;

  /**
   * @param {{ samples: any[], window: [number, number], clock: (at: number) => string, note?: string }} view `samples`
   *   may have gaps, which are `{ at, isGap: true }`
   */
  show({ samples, window, clock, note = '' }) {
    this.window = window;
    this.clock = clock;
    this.#data = [
      samples.map(({ at }) => at / 1000),
      ...this.#spec.keys.map(({ of }) => samples.map((each) => (each.isGap ? null : of(each)))),
    ];
    this.#chart.setData(this.#data);
    this.#card.note.textContent = note;
    this.#showValues();
    const { title, keys, format } = this.#spec;
    const told = keys.map(({ name }, i) => {
      const value = this.#data[i + 1].at(-1);
      return `${name} ${value == null ? 'unknown' : format(value)}`;
    });
    this.#card.plot.setAttribute('aria-label', `${title}, now: ${told.join(', ')}`);
  }

  #showValues() {
    if (this.#chart === undefined) return; // it calls while it is made
    const at = this.#chart.cursor.idx ?? this.#data[0].length - 1;
    this.#card.values.forEach((element, i) => {
      const value = this.#data[i + 1][at];
      element.textContent = value == null ? '–' : this.#spec.format(value);
    });
  }
}

/** Bars: how many there are of each kind. */
export class BarChart {
  #card;
  #chart;
  #title;
  #labels = [''];

  /** @param {Element} grid @param {{ title: string, keys: { name: string, color: string }[] }} spec */
  constructor(grid, spec) {
    this.#title = spec.title;
    this.#card = new Card(grid, spec);
    const [{ color: of }] = spec.keys;
    this.#chart = new uPlot(
      {
        width: this.#card.plot.clientWidth || 300,
        height: HEIGHT,
        padding: [8, 8, 0, 0],
        legend: { show: false },
        cursor: { show: false },
        scales: {
          x: { time: false, range: () => [-0.6, this.#labels.length - 0.4] },
          y: { range: (_chart, _min, max) => [0, Math.max(max * 1.08, 4)] },
        },
        axes: [
          axis({
            grid: { show: false },
            size: 24,
            splits: () => this.#labels.map((_label, i) => i),
            values: (chart) => this.#sparse(chart.bbox.width / devicePixelRatio),
          }),
          axis({ size: AXIS_WIDTH, space: 26, incrs: INCREMENTS }),
        ],
        series: [
          {},
          {
            stroke: () => color(of),
            fill: () => `${color(of)}99`,
            width: 0,
            paths: uPlot.paths.bars({ size: [0.75, 60] }),
            points: { show: false },
          },
        ],
      },
      [[], []],
      this.#card.plot,
    );
    this.#card.fit(this.#chart);
  }

  /** The labels that there is room for. @param {number} width of the plot */
  #sparse(width) {
    const every = Math.ceil((LABEL_WIDTH * this.#labels.length) / width);
    return this.#labels.map((label, i) => (i % every === 0 ? label : ''));
  }

  /**
   * @param {{ bars: [label: string, count: number][], values: string[], note: string }} view `values`: of its keys
   */
  show({ bars, values, note }) {
    this.#labels = bars.map(([label]) => label);
    this.#chart.setData([bars.map((_bar, i) => i), bars.map(([, height]) => height)]);
    this.#card.values.forEach((element, i) => (element.textContent = values[i]));
    this.#card.note.textContent = note;
    const told = bars.map(([label, height]) => `${label} ms: ${height}`).join(', ');
    this.#card.plot.setAttribute('aria-label', `${this.#title}, up to ${told}`);
  }
}
