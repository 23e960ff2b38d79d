/** Something to be done after others. */
export interface Task {
  /** Indexes of the tasks that must be done before. */
  readonly after: readonly number[];
  /** How long it is likely to take, in any unit. */
  readonly weight: number;
}

export interface ScheduleOptions {
  /** How many tasks run side by side at most. */
  readonly workers: number;
  /** Whether two tasks may run at the same time; all may when absent. */
  readonly mayRunTogether?: (task: number, other: number) => boolean;
}

/**
 * Runs tasks side by side, each as soon as those before it are done and nothing that runs excludes
 * it: of those that can begin, the one with the most work behind it first. One worker runs them
 * one after the other in the order in which they are given. After the first failure no task begins any
 * more, and those that are running are awaited.
 *
 * @param run called with the task's index and the worker's, from 0
 * @throws what the first task that failed threw
 * Source: critical-path list scheduling, R. L. Graham, Bounds on multiprocessing timing anomalies (1969)
 */
export async function runTasks(
  tasks: readonly Task[],
  options: ScheduleOptions,
  run: (task: number, worker: number) => Promise<void>,
): Promise<void> {
  const choose = chooser(tasks, options);
  const waiting = new Set(tasks.keys());
  const running = new Set<number>();
  const done = new Set<number>();
  const failures: unknown[] = [];
  const idle = Array.from({ length: options.workers }, (_, worker) => worker).toReversed();
  await new Promise<void>((resolve) => {
    const begin = (): void => {
      while (failures.length === 0) {
        const task = idle.length === 0 ? undefined : choose({ waiting, running, done });
        const worker = task === undefined ? undefined : idle.pop();
        if (task === undefined || worker === undefined) break;
        waiting.delete(task);
        running.add(task);
        const finish = (): void => {
          running.delete(task);
          idle.push(worker);
          begin();
        };
        run(task, worker)
          .then(() => done.add(task))
          .catch((error: unknown) => failures.push(error))
          .finally(finish);
      }
      if (running.size === 0) resolve();
    };
    begin();
  });
  if (failures.length > 0) throw failures[0];
}

interface State {
  readonly waiting: ReadonlySet<number>;
  readonly running: ReadonlySet<number>;
  readonly done: ReadonlySet<number>;
}

/** Finds the task that is to begin next; none when all that wait must go on waiting. */
function chooser(
  tasks: readonly Task[],
  { workers, mayRunTogether = () => true }: ScheduleOptions,
): (state: State) => number | undefined {
  const lengths = workers === 1 ? [] : criticalPaths(tasks);
  return ({ waiting, running, done }) => {
    const mayBegin = (task: number): boolean =>
      tasks[task]?.after.every((before) => done.has(before)) === true &&
      [...running].every((other) => mayRunTogether(task, other));
    let chosen: number | undefined;
    let longest = -1;
    // In the order in which they were given, so that of equals the first one begins.
    for (const task of waiting) {
      const length = lengths[task] ?? 0;
      if (length <= longest || !mayBegin(task)) continue;
      chosen = task;
      longest = length;
    }
    return chosen;
  };
}

/**
 * For each task, the weight of the heaviest chain of tasks that begins with it. Such a chain may have
 * thousands, too many for calls within calls: from its end, each task adds itself to those before it.
 */
function criticalPaths(tasks: readonly Task[]): number[] {
  const lengths = tasks.map(({ weight }) => weight);
  const unsettled = tasks.map(() => 0);
  for (const before of tasks.flatMap(({ after }) => after)) increase(unsettled, before, 1);
  const settled = [...tasks.keys()].filter((index) => unsettled[index] === 0);
  for (const index of settled) {
    for (const before of tasks[index]?.after ?? []) {
      const length = (tasks[before]?.weight ?? 0) + (lengths[index] ?? 0);
      lengths[before] = Math.max(lengths[before] ?? 0, length);
      increase(unsettled, before, -1);
      if (unsettled[before] === 0) settled.push(before);
    }
  }
  return lengths;
}

function increase(counts: number[], index: number, by: number): void {
  counts[index] = (counts[index] ?? 0) + by;
}
