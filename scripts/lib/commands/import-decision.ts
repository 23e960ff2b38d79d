import type pg from 'pg';

import type { ConflictAnswer } from '../model/conflict.ts';
import { ToolkitError } from '../model/errors.ts';
import { shortDigest } from '../model/short-digest.ts';
import { changedSince, isAsLoaded, readTablesNow, type TableNow } from '../target/journal/proof.ts';
import {
  readRunTables,
  readRuns,
  type JournalRun,
  type JournalTable,
  type RunIdentity,
} from '../target/journal/runs.ts';

/** What an import is to do, seen from the journal. */
export type Decision =
  | {
      readonly kind: 'new';
      /** The unfinished run that is left as it is once the new one begins. */
      readonly abandons: JournalRun | null;
    }
  /** Go on with a run: the tables that are done hold what was loaded. */
  | {
      readonly kind: 'resume' | 'nothing-left';
      readonly run: JournalRun;
      readonly done: readonly JournalTable[];
    };

export interface DecisionOptions {
  readonly identity: RunIdentity;
  /** Source tables that were asked for, sorted; null for all. */
  readonly selection: readonly string[] | null;
  readonly restart: boolean;
  readonly onConflict: ConflictAnswer;
  /** Rows that are there are to be emptied or kept: a run that is done begins anew. */
  readonly mayLoadAgain: boolean;
}

const NEW: Decision = { kind: 'new', abandons: null };

/**
 * Decides whether an import begins, goes on with the unfinished run into the schema, or has nothing left
 * to do. A finished run is in no other import's way: several sources load one after the other, in any
 * order, and each is known again. The lock on the schema must be held: a run that the journal has as
 * running was killed. Reads only.
 *
 * @throws ToolkitError of kind `target` when a run is unfinished and was another import, or its
 * tables do not hold any more what was loaded
 */
export async function decide(client: pg.Client, options: DecisionOptions): Promise<Decision> {
  const runs = await readRuns(client, options.identity.targetSchema);
  const unfinished = runs.find(({ state }) => state === 'running' || state === 'stopped');
  if (unfinished !== undefined) return decideOnUnfinished(client, unfinished, options);
  if (options.restart || options.mayLoadAgain) return NEW;
  const same = runs.find((run) => run.state === 'done' && differencesOf(run, options).length === 0);
  return same === undefined ? NEW : decideOnFinished(client, runs, same);
}

async function decideOnUnfinished(
  client: pg.Client,
  run: JournalRun,
  options: DecisionOptions,
): Promise<Decision> {
  const differences = differencesOf(run, options);
  const done = await readDoneTables(client, run);
  // Where nothing was committed, the target is as it was, and nothing is lost by beginning anew.
  if (options.restart || (differences.length > 0 && done.length === 0)) {
    return { kind: 'new', abandons: run };
  }
  if (differences.length > 0) throw differs(run, differences);
  const changed = await changedTables(client, run, done);
  if (changed.length > 0) throw changedSince(changed, UNFINISHED_HINT);
  return { kind: 'resume', run, done };
}

async function decideOnFinished(
  client: pg.Client,
  runs: readonly JournalRun[],
  run: JournalRun,
): Promise<Decision> {
  const done = await readDoneTables(client, run);
  const changed = await changedTables(client, run, done);
  if (changed.length === 0) return { kind: 'nothing-left', run, done };
  const names = new Set(changed.map(({ table }) => table.targetTable));
  // What a later run emptied or took back is no change that anybody would lose.
  if (await hasLaterRun(client, runs, run, names)) return NEW;
  throw changedSince(changed, FINISHED_HINT);
}

async function readDoneTables(client: pg.Client, { runId }: JournalRun): Promise<JournalTable[]> {
  return (await readRunTables(client, runId)).filter((table) => table.state === 'done');
}

async function changedTables(
  client: pg.Client,
  { targetSchema: schema }: JournalRun,
  done: readonly JournalTable[],
): Promise<TableNow[]> {
  return (await readTablesNow(client, { schema }, done)).filter((table) => !isAsLoaded(table));
}

/** Whether a later run had one of these tables of the target to load. */
async function hasLaterRun(
  client: pg.Client,
  runs: readonly JournalRun[],
  run: JournalRun,
  targetTables: ReadonlySet<string>,
): Promise<boolean> {
  // The latest run is the first.
  for (const { runId } of runs.slice(0, runs.indexOf(run))) {
    const tables = await readRunTables(client, runId);
    if (tables.some(({ targetTable }) => targetTables.has(targetTable))) return true;
  }
  return false;
}

const FINISHED_HINT =
  'this import is finished, so if the application made these changes nothing is to be done; --truncate empties the tables and loads them again, without the changes';
const UNFINISHED_HINT =
  'begin anew with --restart --truncate, which empties the tables first and loses what was changed';

/**
 * The tables that finished runs of the same import have loaded, with other tables selected, and that
 * are as they were loaded: by target table, the run.
 */
export async function loadedByEarlierRuns(
  client: pg.Client,
  identity: RunIdentity,
): Promise<Map<string, string>> {
  const runs = (await readRuns(client, identity.targetSchema)).filter(
    (run) => run.state === 'done' && identityDifferences(run, identity).length === 0,
  );
  const loaded = new Map<string, string>();
  for (const run of runs) {
    const tables = (await readDoneTables(client, run)).filter(
      (table) => !loaded.has(table.targetTable),
    );
    const changed = await changedTables(client, run, tables);
    for (const table of tables) {
      const isChanged = changed.some((one) => one.table === table);
      if (!isChanged) loaded.set(table.targetTable, run.runId);
    }
  }
  return loaded;
}

function differencesOf(
  run: JournalRun,
  { identity, selection, onConflict }: DecisionOptions,
): string[] {
  const before = (run.options['tables'] as readonly string[] | null | undefined) ?? null;
  const [then, now] = [before, selection].map((names) => names?.join(', ') ?? 'all');
  const selected = then === now ? [] : [`the tables (then ${then}; now ${now})`];
  const answer = (run.options['onConflict'] as ConflictAnswer | undefined) ?? 'error';
  const answered =
    answer === onConflict ? [] : [`--on-conflict (then ${answer}; now ${onConflict})`];
  return [...identityDifferences(run, identity), ...selected, ...answered];
}

function identityDifferences(run: JournalRun, identity: RunIdentity): string[] {
  const migrations = migrationDifference(run.migrations, identity.migrations);
  const pairs: readonly (readonly [what: string, before: string | null, now: string | null])[] = [
    ['the artifact', run.artifactId, identity.artifactId],
    ['the mapping', run.mappingSha256, identity.mappingSha256],
    ['the schema of the target', run.schemaFingerprint, identity.schemaFingerprint],
  ];
  return [
    ...pairs
      .filter(([, before, now]) => before !== now)
      .map(([what, before, now]) => `${what} (then ${shorten(before)}, now ${shorten(now)})`),
    ...(migrations === null ? [] : [`the migrations (${migrations})`]),
  ];
}

/** Null when they are the same, or were not looked at once: then the schema itself decides. */
function migrationDifference(before: readonly string[], now: readonly string[]): string | null {
  if (before.length === 0 || now.length === 0) return null;
  const added = now.filter((name) => !before.includes(name));
  const gone = before.filter((name) => !now.includes(name));
  if (added.length + gone.length === 0) return null;
  return [
    ...(added.length === 0 ? [] : [`applied since: ${added.join(', ')}`]),
    ...(gone.length === 0 ? [] : [`not there any more: ${gone.join(', ')}`]),
  ].join('; ');
}

function shorten(sha256: string | null): string {
  return sha256 === null ? 'none' : `${shortDigest(sha256)}…`;
}

function differs(run: JournalRun, differences: readonly string[]): ToolkitError {
  return new ToolkitError({
    kind: 'target',
    code: 'run-differs',
    message: `the run ${run.runId} into this schema is not finished, and this import is not the same: ${differences.join('; ')}`,
    hint: `finish that run (its artifact is ${run.artifactPath}), take it back with --rollback ${run.runId}, or begin anew with --restart --truncate, which empties the tables first`,
  });
}
