export default {
  // Works wherever what is built is put.
  base: './',
  // The engine's workers load modules of their own.
  worker: { format: 'es' },
  // Its files find each other by where they lie.
  optimizeDeps: { exclude: ['insitu'] },
};
