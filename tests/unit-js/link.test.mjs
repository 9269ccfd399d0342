/** What the address asks for: a sample, a model, a panel. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { linkIn } from '../../www/session/link.js';

test('an address may ask for a sample, a model and a panel, in any order and each alone', () => {
  const { sample, model, panel, unknown } = linkIn('#panel=inside&sample=em-membranes&model=nuclei');
  assert.deepEqual(
    { sample, model, panel, unknown },
    { sample: 'em-membranes', model: 'nuclei', panel: 'inside', unknown: [] },
  );
  assert.equal(linkIn('#panel=label').panel, 'label');
  assert.equal(linkIn('#panel=label').sample, null);
});

test('an address that asks for nothing, for the language or for a place in the page opens nothing', () => {
  for (const hash of ['', '#', '#stage', '#lang=de', '#sample=', '#sample= &panel='])
    assert.deepEqual(linkIn(hash), linkIn(''), hash);
  assert.deepEqual(linkIn('#lang=de&panel=train').panel, 'train');
});

test('a sample or a panel that there is not is told with those that there are', () => {
  const { sample, panel, unknown } = linkIn('#sample=liver&panel=constructor');
  assert.deepEqual([sample, panel], [null, null]);
  assert.deepEqual(
    unknown.map(({ key, name }) => [key, name]),
    [
      ['sample', 'liver'],
      ['panel', 'constructor'],
    ],
  );
  assert.ok(
    unknown[0].known.some((name) => name === 'em-membranes') && unknown[1].known.some((name) => name === 'inside'),
  );
});

test('capitals and spaces around a name do no harm', () => {
  assert.equal(linkIn('#sample=Nuclei-Stained%20').sample, 'nuclei-stained');
  assert.equal(linkIn('#panel=View').panel, 'view');
});
