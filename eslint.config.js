'use strict';

/** ESLint: the recommended rules and a few that find mistakes. Layout is Prettier's alone. */

const js = require('@eslint/js');
const globals = require('globals');

/** What Nitro imports into routes by itself. */
const NITRO_IMPORTS = {
  defineEventHandler: 'readonly',
  getQuery: 'readonly',
  sendNoContent: 'readonly',
};

module.exports = [
  {
    ignores: [
      ...['build/', 'build-*/', 'prebuilds/', '.cache/', 'bench/.cache/'],
      'docs/.vitepress/{cache,dist}/',
    ],
  },
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2023, globals: globals.node },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'array-callback-return': 'error',
      'default-case-last': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-constructor-return': 'error',
      'no-self-compare': 'error',
      'no-shadow': ['error', { builtinGlobals: false }],
      'no-template-curly-in-string': 'error',
      'no-throw-literal': 'error',
      'no-unmodified-loop-condition': 'error',
      'no-unreachable-loop': 'error',
      'no-unused-vars': ['error', { argsIgnorePattern: '^_', caughtErrors: 'all' }],
      'no-use-before-define': ['error', { functions: false, classes: false, variables: false }],
      'no-var': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
      'prefer-promise-reject-errors': 'error',
    },
  },
  {
    files: ['**/*.js'],
    languageOptions: { sourceType: 'commonjs' },
    rules: { strict: ['error', 'global'] },
  },
  {
    files: ['test/**/*.js'],
    languageOptions: { globals: globals.jest },
  },
  {
    files: ['examples/*/public/**/*.js'],
    languageOptions: { sourceType: 'module', globals: { ...globals.browser, io: 'readonly' } },
    rules: { strict: 'off' },
  },
  {
    files: ['examples/frameworks/**/*.js'],
    languageOptions: {
      sourceType: 'module',
      globals: { ...globals.browser, ...NITRO_IMPORTS },
    },
    rules: { strict: 'off' },
  },
];
