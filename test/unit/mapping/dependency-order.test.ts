import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dependencyOrder } from '../../../scripts/lib/mapping/dependency-order.ts';

function orderOf(parents: Readonly<Record<string, readonly string[]>>): string[] {
  return dependencyOrder(new Map(Object.entries(parents))).map(
    (group) => group.members.join('+') + (group.cyclic ? ' (cycle)' : ''),
  );
}

describe('tables in the order of their foreign keys', () => {
  it.each([
    ['nothing', {}, []],
    ['unrelated tables by name', { b: [], c: [], a: [] }, ['a', 'b', 'c']],
    ['parents before children', { a: ['b'], b: ['c'], c: [] }, ['c', 'b', 'a']],
    ['a diamond', { a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }, ['d', 'b', 'c', 'a']],
    ['a table that refers to itself, which is no cycle', { a: ['a', 'b'], b: [] }, ['b', 'a']],
    ['a parent named twice', { a: ['b', 'b'], b: [] }, ['b', 'a']],
    ['a parent that is not there', { a: ['gone'], b: [] }, ['a', 'b']],
    ['two that refer to each other', { b: ['a'], a: ['b'] }, ['a+b (cycle)']],
    [
      'a cycle between what it needs and what needs it',
      { child: ['x'], x: ['y'], y: ['z'], z: ['x', 'root'], root: [] },
      ['root', 'x+y+z (cycle)', 'child'],
    ],
    ['two cycles that share a table', { a: ['b'], b: ['a', 'c'], c: ['b'] }, ['a+b+c (cycle)']],
    [
      'two cycles, one after the other',
      { a: ['b', 'c'], b: ['a'], c: ['d'], d: ['c'] },
      ['c+d (cycle)', 'a+b (cycle)'],
    ],
  ])('%s', (_, parents, order) => {
    expect(orderOf(parents)).toEqual(order);
  });
});

const names = ['a', 'b', 'c', 'd', 'e', 'f'];
const graph = fc
  .tuple(...names.map(() => fc.subarray(names)))
  .map((lists) => new Map(names.map((name, index) => [name, lists[index] ?? []])));

/** Whether `from` leads to `to` over one reference or more. */
function leadsTo(
  parents: ReadonlyMap<string, readonly string[]>,
  from: string,
  to: string,
): boolean {
  const seen = new Set<string>();
  const open = [...(parents.get(from) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === to) return true;
    if (!seen.has(next)) open.push(...(parents.get(next) ?? []));
    seen.add(next);
  }
  return false;
}

it(
  'groups exactly the tables that lead to each other, and no group before one it needs',
  { timeout: 60_000 },
  () => {
    fc.assert(
      fc.property(graph, (parents) => {
        const groups = dependencyOrder(parents);
        const place = new Map(
          groups.flatMap(({ members }, index) => members.map((m) => [m, index])),
        );
        expect([...place.keys()].toSorted()).toEqual(names);
        for (const a of names) {
          for (const b of names.filter((name) => name !== a)) {
            const together = leadsTo(parents, a, b) && leadsTo(parents, b, a);
            expect(place.get(a) === place.get(b)).toBe(together);
            const comesLater = (place.get(b) ?? 0) > (place.get(a) ?? 0);
            expect(leadsTo(parents, a, b) && comesLater).toBe(false);
          }
        }
        for (const group of groups) expect(group.cyclic).toBe(group.members.length > 1);
      }),
      { numRuns: 300 },
    );
  },
);

it('does not depend on the order in which tables and references are named', () => {
  fc.assert(
    fc.property(graph, (parents) => {
      const reversed = new Map([...parents].toReversed().map(([k, v]) => [k, v.toReversed()]));
      expect(dependencyOrder(reversed)).toEqual(dependencyOrder(parents));
    }),
  );
});
