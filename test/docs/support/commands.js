'use strict';

/**
 * Commands in the documentation: whether a reader can type them here. Each program has a check of its own. What it
 * names has to be there: scripts and what they take, files, packages, presets, targets.
 */

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const jestConfig = require('../../../jest.config');
const lock = require('../../../package-lock.json');
const manifest = require('../../../package.json');
const presets = require('../../../CMakePresets.json');
const { listFiles } = require('../../../scripts/support/files');
const { TOP } = require('../../support/programs/programs');

const PRESETS = presets.buildPresets.map(({ name }) => name);
const PROJECTS = /** @type {any[]} */ (jestConfig.projects).map(({ displayName }) => displayName);
const TARBALL = `beast.io-${manifest.version}.tgz`;
const FUZZ_TARGETS = listFiles(path.join(TOP, 'test/fuzz/targets'), /\.cpp$/).map(
  (file) => path.parse(file).name,
);
/** What builds make, and folders of the reader's. */
const MADE = /^(build[\w-]*\/|node_modules\/|\/usr\/local$|[A-Z]+$)/;

const isThere = (/** @type {string} */ file) => fs.existsSync(path.join(TOP, file));
const read = (/** @type {string} */ file) => fs.readFileSync(path.join(TOP, file), 'utf8');

/** @param {boolean} isSo @param {string} what is wrong otherwise */
function check(isSo, what) {
  if (!isSo) throw new Error(what);
}

/**
 * The commands of a block, each as its words.
 * @param {string} code
 * @returns {string[][]}
 */
function commandsOf(code) {
  const lines = code.replaceAll(/\\\n\s*/g, '').split('\n');
  return lines.flatMap((line) => {
    const parts = line.match(/(?:'[^']*'|"[^"]*"|\$\([^)]*\)|[^\s'"])+/g) ?? [];
    const comment = parts.indexOf('#');
    const words = comment < 0 ? parts : parts.slice(0, comment);
    /** @type {string[][]} */
    const commands = [[]];
    for (const word of words) {
      if (word === '&&') commands.push([]);
      else commands.at(-1)?.push(word.replaceAll(/'([^']*)'|"([^"]*)"/g, '$1$2'));
    }
    return commands.filter((command) => command.length > 0);
  });
}

/** @type {Map<string, string>} */
const helps = new Map();

/** What a script of package.json says that it takes. @param {string} name */
function helpOf(name) {
  const known = helps.get(name);
  if (known !== undefined) return known;
  const [, file] = /node (\S+)/.exec(manifest.scripts[/** @type {'test'} */ (name)]) ?? [];
  check(file !== undefined, `"npm run ${name}" is not there, or calls no file`);
  // Some take nothing, and would begin.
  const hasHelp = /--help|tellsHelp/.test(read(file)) || name === 'bench' || name === 'profile';
  const args = [path.join(TOP, file), '--help'];
  const help = hasHelp ? String(execFileSync(process.execPath, args, { cwd: TOP })) : '';
  helps.set(name, help);
  return help;
}

/** @param {string} word @param {string} text whether it stands in it as a whole */
const hasWord = (word, text) =>
  new RegExp(`(?<![\\w-])${word.replaceAll(/[.*+?]/g, '\\$&')}(?![\\w-])`).test(text);

/**
 * @param {string} script of package.json
 * @param {string[]} args
 */
function checkScript(script, args) {
  const help = script === 'start' ? '' : helpOf(script);
  args.forEach((word, index) => {
    const before = args[index - 1];
    if (before === '--case' || /^\d+$/.test(word)) return;
    if (before === '--preset') return check(PRESETS.includes(word), `no preset "${word}"`);
    if (before === '--project') return check(PROJECTS.includes(word), `no project "${word}"`);
    if (script === 'start') {
      const folders = [`examples/${word}`, `examples/frameworks/${word}`];
      return check(folders.some(isThere), `no example "${word}"`);
    }
    for (const part of word.split(',')) {
      const isTarget = script === 'fuzz' && FUZZ_TARGETS.includes(part);
      const isPath = part.includes('/') && isThere(part);
      check(isTarget || isPath || hasWord(part, help), `"npm run ${script}" takes no ${part}`);
    }
  });
}

/** What is installed. @param {string} spec */
function checkPackage(spec) {
  const [, name, wanted = ''] = /^((?:@[\w-]+\/)?[\w.-]+)@(.+)$/.exec(spec) ?? [];
  const file = name === undefined ? spec : wanted.replace(/^file:/, '');
  if (/\.tgz$/.test(file)) return check(path.basename(file) === TARBALL, `not ${TARBALL}`);
  const isKnown =
    (name ?? spec) === manifest.name || `node_modules/${name ?? spec}` in lock.packages;
  check(isKnown, `no package ${name ?? spec}`);
  check(/^(\d[\d.]*|npm:.*)?$/.test(wanted), `no version ${wanted}`);
}

/** @type {Record<string, (args: string[]) => void>} Those of npm that are not scripts. */
const NPM = {
  audit: (args) => check(args.join() === 'signatures', `"npm audit ${args}"`),
  create: ([name]) => check(isThere(`packaging/create-${name}/package.json`), `no create-${name}`),
  init: (args) => check(['-y', '--yes'].includes(args.join()), `"npm init ${args}" asks`),
  install: (args) => args.forEach(checkPackage),
};

/** @param {string[]} args */
function npm([command, ...args]) {
  const [script, ...rest] = command === 'run' ? args : [command, ...args];
  if (command !== 'run' && command in NPM) return NPM[command](args);
  check(script in manifest.scripts, `no script "${script}"`);
  if (script !== 'start')
    check(rest.length === 0 || rest.shift() === '--', 'npm takes these without "--"');
  checkScript(script, rest);
}

/** @type {Record<string, (args: string[]) => void>} By the name of the package. */
const NPX = {
  esbuild: runEsbuild,
  'node-gyp': (args) => check(args.join(' ') === 'configure build', `"node-gyp ${args}"`),
  // Tried by hand: it needs a newer Node than the tests have (docs/guide/frameworks.md).
  nuxt: (args) => check(args.join() === 'build', `"nuxt ${args}"`),
};

/** Bundles a program of one line, and runs it. @param {string[]} args */
function runEsbuild(args) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-docs-'));
  try {
    fs.writeFileSync(
      path.join(folder, 'app.js'),
      "console.log(require('node:path').basename('/a'));",
    );
    const esbuild = path.join(TOP, 'node_modules/.bin/esbuild');
    execFileSync(esbuild, args, { cwd: folder, stdio: 'pipe' });
    const [out] = args.flatMap((arg) => /^--outfile=(.*)/.exec(arg)?.[1] ?? []);
    const said = execFileSync(process.execPath, [out], { cwd: folder });
    check(String(said) === 'a\n', `the bundle printed ${said}`);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

/** Evaluates the expression where the package is installed, also in the place of socket.io. @param {string} code */
function printed(code) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-docs-'));
  try {
    fs.mkdirSync(path.join(folder, 'node_modules'));
    for (const name of ['beast.io', 'socket.io']) {
      fs.symlinkSync(TOP, path.join(folder, 'node_modules', name));
    }
    return String(execFileSync(process.execPath, ['-p', code], { cwd: folder })).trim();
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

/** @param {string[]} args */
function cmake(args) {
  args.forEach((word, index) => {
    const before = args[index - 1];
    const [, option] = /^-D(\w+)=/.exec(word) ?? [];
    if (before === '--preset') check(PRESETS.includes(word), `no preset "${word}"`);
    else if (before === '--target') {
      const lists = listFiles(path.join(TOP, 'examples'), /CMakeLists\.txt$/);
      const texts = [...lists, path.join(TOP, 'CMakeLists.txt')].map((file) =>
        fs.readFileSync(file, 'utf8'),
      );
      check(
        texts.some((text) => new RegExp(`\\((NAME )?${word}\\b`).test(text)),
        `no target ${word}`,
      );
    } else if (option?.startsWith('BEASTIO_')) {
      check(hasWord(option, read('CMakeLists.txt')), `no option ${option}`);
    } else {
      const isKnown =
        /^(-B|--build|--install|--prefix|--preset|--target|-DCMAKE_BUILD_TYPE=Release)$/.test(word);
      check(isKnown || /^(-B|--build|--install|--prefix)$/.test(before), `cmake: ${word}`);
    }
  });
}

/** Each is there, or is made. @param {string[]} args */
function checkPaths(args) {
  const paths = args.filter((word) => /^[^-].*\//.test(word));
  for (const file of paths) check(isThere(file) || MADE.test(file), `no ${file}`);
}

/** @type {Record<string, (args: string[], page: string) => void>} */
const PROGRAMS = {
  npm,
  npx: ([name, ...args]) => {
    check(name in NPX, `no check for "npx ${name}"`);
    NPX[name](args);
  },
  node([first, ...rest], page) {
    if (first === '-p')
      return check(page.includes(`\nprints \`${printed(rest[0])}\``), 'prints something else');
    const isOfPage = page.includes(`\`${first}\``) || page.includes(`[${first}]`);
    check(isOfPage || isThere(first), `no ${first}`);
    checkPaths(rest);
  },
  cmake,
  gdb: checkPaths,
  'c++': (args) =>
    check(args.includes('$(pkg-config --cflags --libs --static beastio)'), args.join()),
  conan([command, ...args]) {
    check(command === 'create', `conan ${command}`);
    checkPaths(args);
  },
  vcpkg([command, name, ports]) {
    const port = JSON.parse(read(`${ports.replace('--overlay-ports=', '')}/vcpkg.json`));
    check(command === 'install' && name === port.name, `vcpkg has ${port.name}`);
  },
  gh: (args) => check(args.includes(TARBALL), `not ${TARBALL}`),
  mkdir: (args) => check(args.length === 1, 'one folder'),
  cd: (args) => check(args.length === 1, 'one folder'),
  cp([flag, from]) {
    const [, folder] = /^node_modules\/socket\.io\/(.*)$/.exec(from) ?? [];
    check(flag === '-r' && manifest.files.includes(`${folder}/`), `the package has no ${folder}`);
  },
};

/** Variables that something reads. @param {string} name */
function checkVariable(name) {
  const args = [
    'grep',
    '--quiet',
    '--word-regexp',
    name,
    '--',
    'lib',
    'scripts',
    'test',
    'examples',
  ];
  execFileSync('git', args, { cwd: TOP, stdio: 'pipe' });
}

/**
 * Errors: throws an Error that says what is wrong with the command.
 *
 * @param {string[]} command
 * @param {string} page its text
 */
function checkCommand(command, page) {
  const words = [...command];
  try {
    for (; /^[A-Z_]+=/.test(words[0]); words.shift()) checkVariable(words[0].split('=')[0]);
    const [program, ...args] = words;
    const [, target] = /^build-fuzz\/fuzz-(\w+)$/.exec(program) ?? [];
    if (target) return check(FUZZ_TARGETS.includes(target), `no target ${target}`);
    if (/^build-\w+\//.test(program)) return checkPaths(args);
    check(
      Object.hasOwn(PROGRAMS, program),
      `test/docs/support/commands.js has no check for "${program}"`,
    );
    PROGRAMS[program](args, page);
  } catch (error) {
    throw new Error(`${command.join(' ')}: ${/** @type {Error} */ (error).message}`, {
      cause: error,
    });
  }
}

module.exports = { checkCommand, commandsOf };
