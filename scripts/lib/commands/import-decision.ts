import type pg from 'pg';

import { ToolkitError } from '../model/errors.ts';
import { shortDigest } from '../model/short-digest.ts';
import { changedSince, isAsLoaded, readTablesNow } from '../target/journal/proof.ts';
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
  /** Rows that are there are to be emptied or kept: a run that is done begins anew. */
  readonly mayLoadAgain: boolean;
}

const NEW: Decision = { kind: 'new', abandons: null };

/**
 * Decides whether an import begins, goes on with the last run into the schema, or has nothing left to
 * do. The lock on the schema must be held: a run that the journal has as running was killed. Reads only.
 *
 * @throws ToolkitError of kind `target` when the last run is unfinished and was another import, or its
 * tables do not hold any more what was loaded
 */
export async function decide(client: pg.Client, options: DecisionOptions): Promise<Decision> {
  const { identity, restart, mayLoadAgain } = options;
  const [run] = await readRuns(client, identity.targetSchema);
  if (run === undefined || run.state === 'abandoned' || run.state === 'rolled-back') return NEW;
  const isFinished = run.state === 'done';
  const differences = differencesOf(run, options);
  if (isFinished && (restart || mayLoadAgain || differences.length > 0)) return NEW;
  const tables = await readRunTables(client, run.runId);
  const done = tables.filter((table) => table.state === 'done');
  // Where nothing was committed, the target is as it was, and nothing is lost by beginning anew.
  if (!isFinished && (restart || (differences.length > 0 && done.length === 0))) {
    return { kind: 'new', abandons: run };
  }
  if (differences.length > 0) throw differs(run, differences);
  const now = await readTablesNow(client, { schema: identity.targetSchema }, done);
  const changed = now.filter((table) => !isAsLoaded(table));
  if (changed.length > 0) throw changedSince(changed, isFinished ? FINISHED_HINT : UNFINISHED_HINT);
  return { kind: isFinished ? 'nothing-left' : 'resume', run, done };
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
  for (const { runId } of runs) {
    const tables = (await readRunTables(client, runId)).filter(
      (table) => table.state === 'done' && !loaded.has(table.targetTable),
    );
    const now = await readTablesNow(client, { schema: identity.targetSchema }, tables);
    for (const { table } of now.filter(isAsLoaded)) loaded.set(table.targetTable, runId);
  }
  return loaded;
}

function differencesOf(run: JournalRun, { identity, selection }: DecisionOptions): string[] {
  const before = (run.options['tables'] as readonly string[] | null | undefined) ?? null;
  const [then, now] = [before, selection].map((names) => names?.join(', ') ?? 'all');
  const selected = then === now ? [] : [`the tables (then ${then}; now ${now})`];
  return [...identityDifferences(run, identity), ...selected];
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
