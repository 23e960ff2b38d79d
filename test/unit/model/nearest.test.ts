import { expect, it } from 'vitest';
import { nearest } from '../../../scripts/lib/model/nearest.ts';

it.each([
  ['user', ['orders', 'users', 'user_roles'], 'users'],
  ['USERS', ['users', 'user'], 'users'],
  ['organisations', ['organizations', 'organs'], 'organizations'],
  ['invoices', ['users', 'logs'], undefined],
  ['x', [], undefined],
])('%s among %j most likely is %s', (name, candidates, expected) => {
  expect(nearest(name, candidates)).toBe(expected);
});
