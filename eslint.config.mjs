import js from '@eslint/js';
import globals from 'globals';

const rules = {
  eqeqeq: 'error',
  'no-alert': 'error',
  'no-eval': 'error',
  'no-restricted-globals': ['error', 'event', 'name'],
  'no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
  'no-var': 'error',
  'prefer-const': 'error',
};

export default [
  { ignores: ['pkg/', 'dist/', 'dist-release/', 'docs/api/', 'target/', 'shared/', 'models/', 'www/samples/'] },
  js.configs.recommended,
  { files: ['**/*.js', '**/*.mjs'], rules, linterOptions: { reportUnusedDisableDirectives: 'error' } },
  { files: ['www/**/*.js', 'docs/examples/{page,vite}/**/*.js'], languageOptions: { globals: globals.browser } },
  {
    files: ['tests/unit-js/**/*.mjs', 'tests/reference/*.mjs', 'npm/*.js', 'docs/examples/node/*', '*.mjs'],
    languageOptions: { globals: globals.node },
  },
  // What is evaluated in the page stands in the middle of the test.
  {
    files: ['tests/e2e/**/*.mjs', 'tests/bench/**/*.mjs'],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
  },
];
