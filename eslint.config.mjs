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

/** Calls of `store.set` and `session.store.set`. */
const writes = ['callee.object.name', 'callee.object.property.name'].map((object) => ({
  selector: `CallExpression[callee.property.name="set"][${object}="store"]`,
  message: 'Only session/ writes the store: give it a method that says what happens.',
}));

export default [
  { ignores: ['pkg/', 'dist/', 'target/', 'shared/', 'models/', 'www/samples/'] },
  js.configs.recommended,
  { files: ['**/*.js', '**/*.mjs'], rules, linterOptions: { reportUnusedDisableDirectives: 'error' } },
  { files: ['www/**/*.js'], languageOptions: { globals: globals.browser } },
  { files: ['www/main.js', 'www/views/**', 'www/canvas/**'], rules: { 'no-restricted-syntax': ['error', ...writes] } },
  { files: ['tests/unit-js/**/*.mjs', '*.mjs'], languageOptions: { globals: globals.node } },
  // What is evaluated in the page stands in the middle of the test.
  { files: ['tests/e2e/**/*.mjs'], languageOptions: { globals: { ...globals.node, ...globals.browser } } },
];
