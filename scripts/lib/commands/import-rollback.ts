import type pg from 'pg';

import { ToolkitError } from '../model/errors.ts';
import { FindingCollector } from '../model/findings.ts';
import { nearest } from '../model/nearest.ts';
import type { CommandContext } from '../model/progress.ts';
import type { TargetCatalog } from '../model/target-catalog.ts';
import type { TargetSession } from '../target/connect.ts';
import { readConstraintRights, requireTriggersOn } from '../target/constraints/rights.ts';
import { introspectTarget } from '../target/introspect.ts';
import { isLockTimeout, lockHolders } from '../target/lock-holders.ts';
import { lockSchema } from '../target/journal/run-lock.ts';
import {
  lockRun,
  markRolledBack,
  readRunTables,
  readRuns,
  type JournalRun,
  type JournalTable,
} from '../target/journal/runs.ts';
import { hasJournal } from '../target/journal/tables.ts';
import { tablesReferringTo } from '../target/load-group.ts';
import type { RemainingReference } from '../target/rollback/referring-keys.ts';
import { takeBack } from '../target/rollback/take-back.ts';
import { describeRuns, type StatusResult } from './import-runs.ts';
import { withSession, type JournalOptions } from './import-status.ts';

export interface RollbackOptions extends JournalOptions {
  readonly run: string;
  /** Take back what is left of the run also from tables that have changed since. */
  readonly force: boolean;
}

/**
 * Takes back what a run loaded, in one transaction: its rows and the sequences. Rows that were there
 * before or came later stay. A run that is taken back already is left at that.
 *
 * @throws ToolkitError of kind `usage` when there is no such run, of kind `target` when tables changed
 * since or the target refuses; then nothing is changed
 */
export async function rollbackRun(
  options: RollbackOptions,
  context: CommandContext,
): Promise<StatusResult> {
  return withSession(options, context, async (session) => {
    const { client, label } = session;
    const runs = (await hasJournal(client)) ? await readRuns(client, null) : [];
    const run = findRun(runs, options.run);
    const report = {
      action: 'rollback',
      target: label,
      sessions: [] as StatusResult['sessions'],
    } as const;
    if (run.state === 'rolled-back') {
      const described = await describeRuns(session, [run]);
      return { ...report, takenBack: [], runs: described, findings: [] };
    }
    await lockSchema(client, run.targetSchema);
    await requireTriggersOn(client);
    const catalog = await introspectTarget(client, run.targetSchema);
    const tables = await readRunTables(client, run.runId);
    const rows = tables.reduce((sum, table) => sum + (table.rowsLoaded ?? 0), 0);
    context.progress.note(
      `taking back ${rows} rows of run ${run.runId} from ${label}, schema ${run.targetSchema}`,
    );
    const done = await rollBack(session, { runs, run, catalog, force: options.force });
    return { ...report, ...done };
  });
}

function findRun(runs: readonly JournalRun[], runId: string): JournalRun {
  const run = runs.find((candidate) => candidate.runId === runId);
  if (run !== undefined) return run;
  const near = nearest(
    runId,
    runs.map((candidate) => candidate.runId),
  );
  throw new ToolkitError({
    kind: 'usage',
    code: 'no-such-run',
    message: `the journal of the target has no run ${runId}`,
    hint: near === undefined ? 'import --status lists the runs' : `did you mean ${near}?`,
  });
}

interface Rollback {
  readonly runs: readonly JournalRun[];
  readonly run: JournalRun;
  readonly catalog: TargetCatalog;
  readonly force: boolean;
}

async function rollBack(
  session: TargetSession,
  { runs, run, catalog, force }: Rollback,
): Promise<Pick<StatusResult, 'takenBack' | 'runs' | 'findings'>> {
  const { client } = session;
  const findings = new FindingCollector();
  const rights = await readConstraintRights(client, catalog);
  const setSince = await sequencesSetSince(client, runs, run);
  await client.query('BEGIN');
  try {
    await lockRun(client, run.runId);
    const tables = await readRunTables(client, run.runId);
    const done = tables.filter((table) => table.state === 'done' && isThere(catalog, table, force));
    requireNothingUpdated(run, done);
    const options = { client, catalog, rights, done, force, sequencesSetSince: setSince };
    const outcome = await takeBack(options);
    const isTakenBack = outcome.kind === 'taken-back';
    if (isTakenBack) {
      const went = outcome.tables.map(({ target, rowCount }) => [target, rowCount] as const);
      await markRolledBack(client, run.runId, Object.fromEntries(went));
      reportEmptied(catalog, run, tables, findings);
    } else {
      const others = runs.filter(({ runId }) => runId !== run.runId);
      await reportRemaining(client, others, outcome.remaining, findings);
    }
    // The commit comes last: what fails before it has changed nothing.
    const now = (await readRuns(client, null)).find(({ runId }) => runId === run.runId);
    const described = await describeRuns(session, [now ?? run]);
    await client.query(isTakenBack ? 'COMMIT' : 'ROLLBACK');
    const takenBack = isTakenBack ? [...outcome.tables] : [];
    return { takenBack, runs: described, findings: findings.list() };
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw isLockTimeout(error) ? await nameHolders(error, client, catalog, run) : error;
  }
}

/** @throws ToolkitError of kind `target` when rows that were there before were overwritten */
function requireNothingUpdated(run: JournalRun, done: readonly JournalTable[]): void {
  const updated = done.flatMap(({ targetTable, ledger }) =>
    ledger
      .filter(({ change }) => change === 'conflict_update')
      .map(({ total }) => `${targetTable} (${total} ${total === 1 ? 'row' : 'rows'})`),
  );
  if (updated.length === 0) return;
  throw new ToolkitError({
    kind: 'target',
    code: 'updated-rows-gone',
    message: `the run ${run.runId} has overwritten rows that were there before (--on-conflict update), and what they held is kept nowhere: ${updated.join(', ')}`,
    hint: 'nothing was changed: restore the target from a backup that was taken before the run',
  });
}

/** @throws ToolkitError of kind `target-schema` for a table that is gone, unless that is to be no matter */
function isThere(catalog: TargetCatalog, { targetTable }: JournalTable, force: boolean): boolean {
  const isInCatalog = catalog.tables.some(({ name }) => name === targetTable);
  if (isInCatalog || force) return isInCatalog;
  throw new ToolkitError({
    kind: 'target-schema',
    code: 'table-gone',
    message: 'the run loaded a table that the target does not have any more',
    where: { table: targetTable },
    hint: 'nothing was changed; with --force the other tables are taken back',
  });
}

/** Sequences that other runs have set after a run began: they are theirs now. */
async function sequencesSetSince(
  client: pg.Client,
  runs: readonly JournalRun[],
  run: JournalRun,
): Promise<Set<string>> {
  const set = new Set<string>();
  for (const { runId } of laterRuns(runs, run)) {
    const done = (await readRunTables(client, runId)).filter((table) => table.state === 'done');
    for (const { sequence } of done.flatMap((table) => table.sequences)) set.add(sequence);
  }
  return set;
}

function laterRuns(runs: readonly JournalRun[], run: JournalRun): readonly JournalRun[] {
  return runs.filter(
    (other) =>
      other.runId !== run.runId &&
      other.targetSchema === run.targetSchema &&
      other.startedAt > run.startedAt,
  );
}

/** Rows that stay and refer to rows that would go, with the runs that loaded them. */
async function reportRemaining(
  client: pg.Client,
  runs: readonly JournalRun[],
  remaining: readonly RemainingReference[],
  findings: FindingCollector,
): Promise<void> {
  for (const { key, total, examples } of remaining) {
    const loadedBy: string[] = [];
    for (const { runId } of runs) {
      const tables = await readRunTables(client, runId);
      const hasLoaded = tables.some(
        (table) => table.state === 'done' && table.targetTable === key.childTable,
      );
      if (hasLoaded) loadedBy.push(runId);
    }
    const first =
      loadedBy.length === 0 ? '' : `take back first what loaded them (${loadedBy.join(', ')}), or `;
    findings.addCounted(
      {
        code: 'still-referred-to',
        severity: 'blocking',
        kind: 'data',
        message: `rows that stay refer to rows of ${key.parentTable} that would go`,
        where: { table: key.childName, column: key.columns.join(', '), constraint: key.name },
        hint: `${first}remove these rows or their references yourself; --force does not remove them`,
      },
      total,
      examples.map((detail) => ({ detail })),
    );
  }
}

/** What `--truncate` emptied, with each table that the run loaded, is not kept anywhere. */
function reportEmptied(
  catalog: TargetCatalog,
  run: JournalRun,
  tables: readonly JournalTable[],
  findings: FindingCollector,
): void {
  const loaded = tables.filter((table) => table.state === 'done').map((table) => table.targetTable);
  const emptied = tablesReferringTo(catalog, loaded);
  for (const { targetTable, rowsEmptied } of tables) {
    if (rowsEmptied === 0 || !emptied.has(targetTable)) continue;
    findings.addCounted(
      {
        code: 'emptied-rows-gone',
        severity: 'warning',
        kind: 'data',
        message: `rows that --truncate emptied before run ${run.runId} loaded its own do not come back`,
        where: { table: targetTable },
        hint: 'restore them from a backup of the target if they are needed',
      },
      rowsEmptied,
      [],
    );
  }
}

async function nameHolders(
  error: unknown,
  client: pg.Client,
  catalog: TargetCatalog,
  run: JournalRun,
): Promise<ToolkitError> {
  const names = (await readRunTables(client, run.runId)).map((table) => table.targetTable);
  const referring = tablesReferringTo(catalog, names);
  const targets = catalog.tables.filter(({ name }) => referring.has(name));
  const holders = await lockHolders(
    client,
    catalog,
    targets.map((target) => ({ target })),
    [],
  );
  return holders.asError(error, names.join(', '));
}
