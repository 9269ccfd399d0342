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

/** Rooms of the page and what each may import beside itself; types are free. */
const rooms = {
  'main.js': ['views', 'canvas', 'session', 'elements', 'strings'],
  views: ['session', 'elements', 'pictures', 'strings'],
  canvas: ['session', 'elements', 'pictures'],
  session: ['insitu.js', 'labels', 'keep', 'pictures', 'strings', 'store.js', 'lru.js'],
  'insitu.js': ['wire', 'training', 'strings'],
  'bench.js': ['wire'],
  training: ['wire', 'pictures', 'strings'],
  labels: ['wire'],
  wire: ['pictures', 'strings', 'lru.js'],
  pictures: [],
  elements: [],
  strings: [],
  keep: [],
  'store.js': [],
  'lru.js': [],
};

/** An import that leaves a room, into one that it may not import. */
const walls = Object.entries(rooms).flatMap(([room, open]) => {
  const into = open.map((name) => (name.endsWith('.js') ? `${name.replace('.', '\\.')}$` : `${name}/`)).join('|');
  const files = room.endsWith('.js') ? [`www/${room}`] : [`www/${room}/*.js`, `www/${room}/*/*.js`];
  return files.map((file, depth) => {
    const out = room.endsWith('.js') ? '\\./' : `(?:\\.\\./){${depth + 1}}(?!\\.\\./)`;
    const regex = into ? `^${out}(?!${into})` : `^${out}`;
    const message = `${room} may import ${open.join(', ') || 'no other room'}.`;
    return { files: [file], rules: { 'no-restricted-imports': ['error', { patterns: [{ regex, message }] }] } };
  });
});

export default [
  { ignores: ['pkg/', 'dist/', 'target/', 'shared/', 'models/', 'www/samples/'] },
  js.configs.recommended,
  { files: ['**/*.js', '**/*.mjs'], rules, linterOptions: { reportUnusedDisableDirectives: 'error' } },
  { files: ['www/**/*.js'], languageOptions: { globals: globals.browser } },
  ...walls,
  { files: ['www/main.js', 'www/views/**', 'www/canvas/**'], rules: { 'no-restricted-syntax': ['error', ...writes] } },
  { files: ['tests/unit-js/**/*.mjs', '*.mjs'], languageOptions: { globals: globals.node } },
  // What is evaluated in the page stands in the middle of the test.
  { files: ['tests/e2e/**/*.mjs'], languageOptions: { globals: { ...globals.node, ...globals.browser } } },
];
