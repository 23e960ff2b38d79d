import { expect, it } from 'vitest';
import { didYouMean, nearest } from '../../../scripts/lib/model/nearest.ts';

it.each([
  ['user', ['orders', 'users', 'user_roles'], 'users'],
  ['USERS', ['users', 'user'], 'users'],
  ['organisations', ['organizations', 'organs'], 'organizations'],
  ['invoices', ['users', 'logs'], undefined],
  ['x', [], undefined],
])('%s among %j most likely is %s', (name, candidates, expected) => {
  expect(nearest(name, candidates)).toBe(expected);
});

it('is offered at the end of a sentence, where there is one', () => {
  expect(`no table user${didYouMean('user', ['users', 'orders'])}`).toBe(
    'no table user; did you mean users?',
  );
  expect(didYouMean('zzz', ['users'])).toBe('');
});
