import { setImmediate as nextTurn } from 'node:timers/promises';

import { expect, test } from 'vitest';

import { runTasks, type Task } from '../../../scripts/lib/target/schedule.ts';

const task = (after: readonly number[], weight = 1): Task => ({ after, weight });

/** Runs tasks that each take one turn of the event loop, and notes when each began and ended. */
async function trace(tasks: readonly Task[], workers: number): Promise<string[]> {
  const events: string[] = [];
  await runTasks(tasks, { workers }, async (index) => {
    events.push(`begin ${index}`);
    await nextTurn();
    events.push(`end ${index}`);
  });
  return events;
}

test('begins a task only when all before it are done', async () => {
  const events = await trace([task([]), task([0]), task([0]), task([1, 2])], 4);
  const at = (event: string): number => events.indexOf(event);
  expect(at('begin 1')).toBeGreaterThan(at('end 0'));
  expect(at('begin 2')).toBeGreaterThan(at('end 0'));
  expect(at('begin 3')).toBeGreaterThan(Math.max(at('end 1'), at('end 2')));
  expect(events).toHaveLength(8);
});

test('runs strictly one after the other with one worker, in the order given', async () => {
  const events = await trace([task([]), task([], 5), task([])], 1);
  expect(events).toEqual(['begin 0', 'end 0', 'begin 1', 'end 1', 'begin 2', 'end 2']);
});

test('begins with the task that has the most work behind it', async () => {
  // 0 is heavy by itself; 1 is light, but 2 behind it is heavier still.
  const begun: number[] = [];
  await runTasks(
    [task([], 5), task([], 1), task([1], 10)],
    { workers: 2, mayRunTogether: () => false },
    async (index) => {
      begun.push(index);
    },
  );
  expect(begun).toEqual([1, 2, 0]);
});

test('never runs two tasks on one worker at the same time', async () => {
  const busy = new Set<number>();
  let most = 0;
  await runTasks(
    Array.from({ length: 20 }, () => task([])),
    { workers: 3 },
    async (_, worker) => {
      expect(busy.has(worker)).toBe(false);
      busy.add(worker);
      most = Math.max(most, busy.size);
      await nextTurn();
      busy.delete(worker);
    },
  );
  expect(most).toBe(3);
});

test('begins nothing after the first failure, and waits for what is running', async () => {
  const ended: number[] = [];
  const run = runTasks([task([]), task([]), task([]), task([0])], { workers: 2 }, async (index) => {
    await nextTurn();
    if (index === 0) throw new Error('first');
    await nextTurn();
    ended.push(index);
  });
  await expect(run).rejects.toThrow('first');
  expect(ended).toEqual([1]);
});

test('never runs two tasks together that exclude each other', async () => {
  const running = new Set<number>();
  await runTasks(
    Array.from({ length: 12 }, () => task([])),
    { workers: 4, mayRunTogether: (a, b) => a % 3 !== b % 3 },
    async (index) => {
      expect([...running].some((other) => other % 3 === index % 3)).toBe(false);
      running.add(index);
      await nextTurn();
      running.delete(index);
    },
  );
});

test('does nothing when there is nothing to do', async () => {
  expect(await trace([], 2)).toEqual([]);
});

test('orders a chain of thousands of tables', async () => {
  const chain = Array.from({ length: 3000 }, (_, index) => task(index === 0 ? [] : [index - 1]));
  const begun: number[] = [];
  await runTasks(chain, { workers: 4 }, async (index) => {
    begun.push(index);
  });
  expect(begun).toEqual([...chain.keys()]);
});
