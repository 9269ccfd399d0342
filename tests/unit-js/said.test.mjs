/** What the page says of models and devices is so. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { kindOf } from '../../www/session/device.js';
import { summaryOf } from '../../www/session/summary.js';

/** @typedef {import('../../www/insitu.js').Card} Card */

test('a model that went on from another one does not introduce itself as that one', () => {
  const card = (/** @type {Partial<Card['training']>} */ training) =>
    /** @type {Card} */ ({ title: 'Mine', summary: 'Cell nuclei; tells touching nuclei apart.', training });
  assert.equal(
    summaryOf(card({ from: 'Nuclei', data: 'nuclei, then labels made by hand' })),
    'Trained in Insitu from Nuclei on labels made by hand.',
  );
  assert.equal(summaryOf(card({ data: 'labels made by hand' })), 'Trained in Insitu on labels made by hand.');
  assert.equal(summaryOf(card({ from: 'Nuclei', data: 'my set' })), 'Trained from Nuclei on my set.');
  assert.equal(summaryOf(card({ data: 'nuclei' })), 'Cell nuclei; tells touching nuclei apart.');
  assert.equal(summaryOf(/** @type {Card} */ ({ title: 'Bare' })), '');
});

test('a program that does a graphics card’s work is not called one', () => {
  const gpu = (/** @type {string} */ name) => kindOf({ kind: 'webgpu', name });
  for (const name of [
    'Google SwiftShader',
    'SwiftShader Device (Subzero)',
    'llvmpipe (LLVM 15.0.7, 256 bits)',
    'Microsoft Basic Render Driver',
  ])
    assert.equal(gpu(name), 'software', name);
  assert.equal(gpu('NVIDIA GeForce RTX 3060'), 'gpu');
  assert.equal(gpu(''), 'gpu');
  assert.equal(kindOf({ kind: 'cpu', name: 'CPU, 8 threads' }), 'cpu');
  assert.equal(kindOf(null), 'cpu');
});
