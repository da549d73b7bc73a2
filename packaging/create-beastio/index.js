#!/usr/bin/env node
'use strict';

/**
 * Writes a small application that runs on beast.io.
 *
 *     npm create beastio [FOLDER] [-- --template NAME]     javascript, typescript or mixed
 *
 * It asks for what is not given, if somebody is there to answer.
 */

const fs = require('node:fs');
const path = require('node:path');
const readline = require('node:readline/promises');
const { parseArgs } = require('node:util');

const TEMPLATES = path.join(__dirname, 'templates');
const USUAL_FOLDER = 'beastio-app';

/** @type {Record<string, string>} */
const KINDS = {
  javascript: 'a chat in JavaScript',
  typescript: 'a chat in TypeScript, with typed events',
  mixed: 'a chat in JavaScript, with a handler in C++ beside it',
};
const NAMES = Object.keys(KINDS);

const USAGE = `npm create beastio [FOLDER] [-- --template NAME]

${NAMES.map((name) => `  ${name.padEnd(12)}${KINDS[name]}`).join('\n')}
`;

/** npm takes a file of this name out of packages. */
const RENAMED = new Map([['gitignore', '.gitignore']]);

/** What the user has to change; told without a stack. */
class UserError extends Error {}

/**
 * @param {string[]} argv
 * @returns {{ folder?: string, template?: string, help?: boolean }}
 */
function readArguments(argv) {
  try {
    const { values, positionals } = parseArgs({
      args: argv,
      allowPositionals: true,
      options: { template: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    });
    if (positionals.length > 1) throw new Error('one folder, please');
    return { folder: positionals[0], ...values };
  } catch (error) {
    throw new UserError(`${/** @type {Error} */ (error).message}\n\n${USAGE}`);
  }
}

/** Asks for what is missing; nobody answers where there is no terminal. */
async function complete({ folder, template }) {
  if (process.stdin.isTTY && (folder === undefined || template === undefined)) {
    const terminal = readline.createInterface({ input: process.stdin, output: process.stdout });
    try {
      folder ??= (await terminal.question(`Folder (${USUAL_FOLDER}): `)).trim() || undefined;
      const list = NAMES.map((name, i) => `  ${i + 1}  ${name.padEnd(12)}${KINDS[name]}\n`).join(
        '',
      );
      template ??= (await terminal.question(`${list}Template (1): `)).trim() || undefined;
    } finally {
      terminal.close();
    }
  }
  return {
    folder: folder ?? USUAL_FOLDER,
    template: NAMES[Number(template) - 1] ?? template ?? NAMES[0],
  };
}

/** A name that npm takes. @param {string} folder */
function packageName(folder) {
  const name = path
    .basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[._-]+|-+$/g, '');
  return name === '' ? USUAL_FOLDER : name.slice(0, 200);
}

/**
 * Errors: a UserError for a template that is not there, or a folder that is in use. Nothing is written then.
 *
 * @param {string} folder
 * @param {string} template
 */
function create(folder, template) {
  if (!NAMES.includes(template)) {
    throw new UserError(`There is no template ${template}. There are ${NAMES.join(', ')}.`);
  }
  const target = path.resolve(folder);
  if (fs.existsSync(target)) {
    if (!fs.statSync(target).isDirectory()) throw new UserError(`${folder} is a file.`);
    const [some] = fs.readdirSync(target).filter((name) => name !== '.git');
    if (some !== undefined) throw new UserError(`${folder} is in use: it has ${some}.`);
  }
  fs.mkdirSync(target, { recursive: true });
  for (const part of ['common', template]) {
    fs.cpSync(path.join(TEMPLATES, part), target, { recursive: true });
  }
  for (const [from, to] of RENAMED) {
    fs.renameSync(path.join(target, from), path.join(target, to));
  }
  const manifest = path.join(target, 'package.json');
  const text = fs
    .readFileSync(manifest, 'utf8')
    .replace('"name": "app"', `"name": "${packageName(target)}"`);
  fs.writeFileSync(manifest, text);
}

async function main() {
  const given = readArguments(process.argv.slice(2));
  if (given.help) return void process.stdout.write(USAGE);
  const { folder, template } = await complete(given);
  create(folder, template);
  console.log(`${folder} has ${KINDS[template]}. Go on with:\n`);
  if (path.resolve(folder) !== process.cwd()) console.log(`  cd ${folder}`);
  console.log('  npm install\n  npm start\n  npm test');
}

main().catch((error) => {
  if (!(error instanceof UserError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
});
