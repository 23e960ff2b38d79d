import { describe, expect, it } from 'vitest';
import { matchName } from '../../../scripts/lib/mapping/match-names.ts';

function match(name: string, candidates: readonly string[]): string | readonly string[] | null {
  const found = matchName(
    name,
    candidates.map((candidate) => ({ name: candidate })),
  );
  if (found.kind === 'none') return null;
  return found.kind === 'one' ? found.item.name : found.items.map((item) => item.name);
}

describe('a name', () => {
  it.each([
    ['userId', ['user_id', 'userId', 'USERID'], 'userId'],
    ['userId', ['id', 'user_id'], 'user_id'],
    ['Order Details', ['order_details'], 'order_details'],
    ['order-details', ['OrderDetails'], 'OrderDetails'],
    ['USERS', ['users'], 'users'],
    ['users', ['user'], null],
    ['users', [], null],
    ['ÄRGER', ['ärger'], 'ärger'],
    ['user_id', ['userId', 'UserID'], ['userId', 'UserID']],
    ['_', [''], ''],
  ])('%s among %j is %j', (name, candidates, found) => {
    expect(match(name, candidates)).toEqual(found);
  });
});
