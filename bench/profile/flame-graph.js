/**
 * A flame graph as SVG: what was on the stack, and for which share of the samples. The widest stacks cost the
 * most. The order from left to right is that of names and says nothing. Pure.
 */
'use strict';

const WIDTH = 1600;
const ROW_HEIGHT = 17;
const HEAD_HEIGHT = 44;
const CHARACTER_WIDTH = 6.6;
/** Narrower frames cannot be seen. */
const LEAST_WIDTH = 0.4;

/**
 * @typedef {'kernel' | 'javascript' | 'beastio' | 'other'} Kind whose code a frame is
 *
 * @typedef {object} Frame
 * @property {string} name
 * @property {Kind} kind
 *
 * @typedef {object} Stack
 * @property {Frame[]} frames the outermost first
 * @property {number} weight samples, or the time that they stand for
 */

/** @type {Record<Kind, { color: string, title: string }>} */
const KINDS = {
  kernel: { color: '#e08f62', title: 'kernel' },
  javascript: { color: '#9fc66b', title: 'JavaScript' },
  beastio: { color: '#6fa8dc', title: "beast.io's C++" },
  other: { color: '#e6cf76', title: 'Node, V8, libraries' },
};

/** @param {string} text */
function escapeXml(text) {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * @typedef {Frame & { weight: number, children: Map<string, Node> }} Node
 * @param {readonly Stack[]} stacks
 * @returns {Node} the sum of all; its children are the outermost frames
 */
function treeOf(stacks) {
  /** @param {Frame} frame @returns {Node} */
  const makeNode = (frame) => ({ ...frame, weight: 0, children: new Map() });
  const root = makeNode({ name: 'all', kind: 'other' });
  for (const { frames, weight } of stacks) {
    root.weight += weight;
    let node = root;
    for (const frame of frames) {
      const next = node.children.get(frame.name) ?? makeNode(frame);
      node.children.set(frame.name, next);
      next.weight += weight;
      node = next;
    }
  }
  return root;
}

/** @param {Node} node @returns {number} how many frames stand above each other, itself included */
function depthOf({ children }) {
  return 1 + Math.max(0, ...[...children.values()].map(depthOf));
}

/**
 * @param {string} name
 * @param {number} width
 */
function fitting(name, width) {
  const most = Math.floor((width - 4) / CHARACTER_WIDTH);
  if (name.length <= most) return name;
  return most < 4 ? '' : `${name.slice(0, most - 1)}…`;
}

/**
 * @param {Node} node
 * @param {{ x: number, width: number, y: number, total: number }} place
 * @returns {string[]} the elements of the frame and of all above it
 */
function elementsOf(node, { x, width, y, total }) {
  if (width < LEAST_WIDTH) return [];
  const share = ((100 * node.weight) / total).toFixed(2);
  const text = fitting(node.name, width);
  const label = text && `<text x="${(x + 3).toFixed(1)}" y="${y + 12}">${escapeXml(text)}</text>`;
  const box =
    `<rect x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${ROW_HEIGHT - 1}" ` +
    `fill="${KINDS[node.kind].color}"/>`;
  const own = `<g><title>${escapeXml(node.name)}: ${share} %</title>${box}${label}</g>`;
  let left = x;
  const above = [...node.children.values()]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((child) => {
      const place = {
        x: left,
        width: (width * child.weight) / node.weight,
        y: y - ROW_HEIGHT,
        total,
      };
      left += place.width;
      return elementsOf(child, place);
    });
  return [own, ...above];
}

/** @returns {string} what the colours mean */
function legend() {
  return Object.values(KINDS)
    .map(({ color, title }, i) => {
      const x = 4 + 180 * i;
      return (
        `<rect x="${x}" y="24" width="12" height="12" fill="${color}"/>` +
        `<text x="${x + 17}" y="34">${escapeXml(title)}</text>`
      );
    })
    .join('');
}

/**
 * @param {string} title
 * @param {readonly Stack[]} stacks at least one
 * @returns {string} SVG; browsers show the whole name of a frame, and its share, under the mouse
 */
function renderFlameGraph(title, stacks) {
  const root = treeOf(stacks);
  const height = HEAD_HEIGHT + depthOf(root) * ROW_HEIGHT;
  const y = height - ROW_HEIGHT;
  const frames = elementsOf(root, { x: 0, width: WIDTH, y, total: root.weight });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" ` +
      'font-family="monospace" font-size="11">',
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    `<text x="4" y="15" font-size="13">${escapeXml(title)}</text>`,
    legend(),
    ...frames,
    '</svg>\n',
  ].join('\n');
}

module.exports = { renderFlameGraph };
