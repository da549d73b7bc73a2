'use strict';

/**
 * The files of same/ compiled against the genuine types and against ours. The same mistakes must be reported
 * at the same places, and every constant named `probe…` must have the same type.
 */

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const ts = require('typescript');
const { TOP } = require('../support/programs/programs');

const SOURCES = path.join(__dirname, 'same');
/** Reached by their paths, which only the oldest kind of resolution allows. */
const BY_PATH = ['by-path.ts', 'typed-events.ts'];

const RESOLUTIONS = {
  node: { module: ts.ModuleKind.CommonJS, moduleResolution: ts.ModuleResolutionKind.Node10 },
  node16: { module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16 },
  bundler: { module: ts.ModuleKind.ES2022, moduleResolution: ts.ModuleResolutionKind.Bundler },
};

/** An application with each of the two packages as `socket.io`. @type {Record<string, string>} */
const applications = {};

beforeAll(() => {
  const packages = { ours: TOP, genuine: path.join(TOP, 'node_modules/socket.io') };
  for (const [name, folder] of Object.entries(packages)) {
    const application = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-types-')));
    applications[name] = application;
    fs.cpSync(SOURCES, application, { recursive: true });
    fs.mkdirSync(path.join(application, 'node_modules'));
    const link = (/** @type {string} */ target, /** @type {string} */ as) =>
      fs.symlinkSync(target, path.join(application, 'node_modules', as));
    link(folder, 'socket.io');
    link(TOP, 'beast.io');
    for (const other of ['@types', 'engine.io', 'socket.io-adapter', 'socket.io-parser']) {
      link(path.join(TOP, 'node_modules', other), other);
    }
  }
});

afterAll(() => {
  for (const application of Object.values(applications))
    fs.rmSync(application, { recursive: true });
});

/**
 * Compiles the files of an application.
 * @param {string} application
 * @param {ts.CompilerOptions} options
 */
function compile(application, options) {
  const files = fs.readdirSync(application).filter((file) => file.endsWith('.ts'));
  const program = ts.createProgram(
    files.map((file) => path.join(application, file)),
    {
      target: ts.ScriptTarget.ES2022,
      types: ['node'],
      typeRoots: [path.join(application, 'node_modules/@types')],
      resolveJsonModule: true,
      esModuleInterop: true,
      noEmit: true,
      skipLibCheck: true,
      strict: true,
      ...options,
    },
  );
  return { errors: errorsOf(program, application), probes: probesOf(program, application) };
}

/**
 * @param {ts.Program} program
 * @param {string} application
 */
function errorsOf(program, application) {
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ file, start = 0, length, code }) => {
      if (file === undefined) return `everywhere: TS${code}`;
      const { line, character } = file.getLineAndCharacterOfPosition(start);
      const text = file.text.slice(start, start + (length ?? 0)).split('\n')[0];
      return `${path.relative(application, file.fileName)}:${line + 1}:${character} TS${code} ${text}`;
    })
    .sort();
}

/**
 * The types of the constants named `probe…`.
 * @param {ts.Program} program
 * @param {string} application
 */
function probesOf(program, application) {
  const checker = program.getTypeChecker();
  /** @type {string[]} */
  const probes = [];
  for (const file of program.getSourceFiles()) {
    if (path.dirname(file.fileName) !== application) continue;
    const visit = (/** @type {ts.Node} */ node) => {
      if (ts.isVariableDeclaration(node) && node.name.getText(file).startsWith('probe')) {
        const type = checker.getTypeAtLocation(node.name);
        // Only the names of aliases that nobody can import differ.
        const flags = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.InTypeAlias;
        const text = checker.typeToString(type, undefined, flags);
        probes.push(`${path.basename(file.fileName)} ${node.name.getText(file)}: ${text}`);
      }
      ts.forEachChild(node, visit);
    };
    visit(file);
  }
  return probes.sort();
}

test.each([
  ['node', true],
  ['node16', true],
  ['node16', false],
  ['bundler', true],
])(
  'the same errors and types as with the genuine package (moduleResolution %s, strict %s)',
  (resolution, strict) => {
    const options = { ...RESOLUTIONS[resolution], strict };
    const ours = compile(applications.ours, options);
    const genuine = compile(applications.genuine, options);
    expect(ours.errors).toEqual(genuine.errors);
    expect(ours.probes).toEqual(genuine.probes);
    for (const file of fs.readdirSync(SOURCES)) {
      const of = (/** @type {string[]} */ lines) => lines.filter((line) => line.startsWith(file));
      expect(of(genuine.errors).length).toBeGreaterThan(3);
      if (BY_PATH.includes(file) && resolution !== 'node') continue;
      expect(of(genuine.probes).length).toBeGreaterThan(1);
    }
  },
  240_000, // compiling twice takes as much of a processor as others leave to it
);

describe('by the path of a file', () => {
  const dist = path.join(TOP, 'node_modules/socket.io/dist');

  /**
   * What the files of dist/ export: for each name its kinds and how many types it takes.
   * @param {string} application
   */
  function exportsOf(application) {
    const files = fs.readdirSync(dist).filter((file) => file.endsWith('.d.ts'));
    const names = files.map((file) => path.basename(file, '.d.ts'));
    const entry = path.join(application, 'every-path.ts');
    const lines = names.map((name, i) => `export * as m${i} from 'socket.io/dist/${name}';`);
    fs.writeFileSync(entry, lines.join('\n'));
    const typeRoots = [path.join(application, 'node_modules/@types')];
    const options = { ...RESOLUTIONS.node, typeRoots, noEmit: true, skipLibCheck: true };
    const program = ts.createProgram([entry], options);
    fs.rmSync(entry);
    expect(errorsOf(program, application).filter((line) => line.startsWith('every-path'))).toEqual(
      [],
    );
    const checker = program.getTypeChecker();
    const modules = checker.getExportsOfModule(
      checker.getSymbolAtLocation(program.getSourceFile(entry)),
    );
    return Object.fromEntries(
      modules.flatMap((symbol, i) =>
        checker
          .getExportsOfModule(checker.getAliasedSymbol(symbol))
          .map((exported) => [`${names[i]}: ${exported.name}`, kindOf(checker, exported)]),
      ),
    );
  }

  /**
   * @param {ts.TypeChecker} checker
   * @param {ts.Symbol} exported
   */
  function kindOf(checker, exported) {
    const isAlias = (exported.flags & ts.SymbolFlags.Alias) !== 0;
    const { flags, declarations } = isAlias ? checker.getAliasedSymbol(exported) : exported;
    const { typeParameters = [] } = /** @type {any} */ (declarations?.[0] ?? {});
    return {
      isType: (flags & ts.SymbolFlags.Type) !== 0,
      isValue: (flags & ts.SymbolFlags.Value) !== 0,
      takes: typeParameters.length,
    };
  }

  test('every name that socket.io exports is there', () => {
    const genuine = exportsOf(applications.genuine);
    expect(Object.keys(genuine).length).toBeGreaterThan(40);
    expect(exportsOf(applications.ours)).toMatchObject(genuine);
  });

  test('so is every value', () => {
    const files = fs.readdirSync(dist).filter((file) => file.endsWith('.js'));
    expect(files.length).toBeGreaterThan(8);
    for (const file of files) {
      const genuine = require(path.join(dist, file));
      const ours = require(path.join(TOP, 'dist', file));
      for (const [name, value] of Object.entries(genuine)) {
        expect([file, name, typeof ours[name]]).toEqual([file, name, typeof value]);
        if (value instanceof Set) expect(ours[name]).toEqual(value);
      }
    }
  });
});

test.each(Object.keys(RESOLUTIONS))('the engine has types (moduleResolution %s)', (resolution) => {
  const folder = path.join(applications.ours, 'engine');
  fs.mkdirSync(folder, { recursive: true });
  fs.copyFileSync(path.join(__dirname, 'engine.ts'), path.join(folder, 'engine.ts'));
  const typeRoots = [path.join(applications.ours, 'node_modules/@types')];
  expect(compile(folder, { ...RESOLUTIONS[resolution], typeRoots }).errors).toEqual([]);
});
