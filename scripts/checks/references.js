'use strict';

/**
 * Finds what a source file refers to: the includes of C++, the requires and imports of JavaScript.
 * JavaScript is parsed, so what merely stands in a comment or a text is not a reference.
 */

const fs = require('node:fs');
const ts = require('typescript');

/**
 * @typedef {object} Reference
 * @property {string} target As written, without quotes or brackets.
 * @property {number} line
 */

/** Texts that lead to the compiled addon. */
const ADDON = /\.node$|\bbuild\/Release\b|^node-gyp-build$|^prebuilds\b/;

/**
 * @param {string} file
 * @returns {Reference[]}
 */
function findIncludes(file) {
  return fs
    .readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((text, index) => {
      const match = /^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)/.exec(text);
      return match === null ? [] : [{ target: match[1] ?? match[2], line: index + 1 }];
    });
}

/**
 * Calls `visit` with every node of a JavaScript file.
 * @param {string} file
 * @param {(node: ts.Node, line: number) => void} visit
 */
function walk(file, visit) {
  const text = fs.readFileSync(file, 'utf8');
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, false, ts.ScriptKind.JS);
  /** @param {ts.Node} node */
  const step = (node) => {
    visit(node, tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1);
    ts.forEachChild(node, step);
  };
  step(tree);
}

/**
 * @param {ts.Node} node
 * @returns {ts.Node | undefined} The expression that names a module, where the node refers to one.
 */
function moduleNameOf(node) {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (!ts.isCallExpression(node)) return undefined;
  const callee = ts.isPropertyAccessExpression(node.expression)
    ? node.expression.expression // require.resolve(…)
    : node.expression;
  const isImport = callee.kind === ts.SyntaxKind.ImportKeyword;
  const isRequire = ts.isIdentifier(callee) && callee.text === 'require';
  return isImport || isRequire ? node.arguments[0] : undefined;
}

/**
 * @param {string} file
 * @returns {Reference[]} Its require, require.resolve and import of fixed names.
 */
function findImports(file) {
  /** @type {Reference[]} */
  const references = [];
  walk(file, (node, line) => {
    const name = moduleNameOf(node);
    if (name && ts.isStringLiteralLike(name)) references.push({ target: name.text, line });
  });
  return references;
}

/**
 * @param {string} file
 * @returns {Reference[]} Its texts that lead to the addon, in a require or put together by hand.
 */
function findAddonUses(file) {
  /** @type {Reference[]} */
  const references = [];
  walk(file, (node, line) => {
    if (ts.isStringLiteralLike(node) && leadsToAddon(node.text)) {
      references.push({ target: node.text, line });
    }
  });
  return references;
}

/**
 * @param {string} text
 * @returns {boolean}
 */
function leadsToAddon(text) {
  return ADDON.test(text);
}

module.exports = { findAddonUses, findImports, findIncludes, leadsToAddon };
