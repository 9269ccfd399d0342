/** What the page says of models and devices is so. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { kindOf } from '../../www/session/device.js';

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
