import type pg from 'pg';

import type { ErrorDescription } from '../../model/errors.ts';
import type { LedgerEntry } from '../../model/ledger.ts';
import { JOURNAL_SCHEMA } from './tables.ts';

export type RunState = 'running' | 'done' | 'stopped' | 'abandoned' | 'rolled-back';

/** A run, and how often it was begun or gone on with. */
export interface RunAttempt {
  readonly runId: string;
  readonly attempt: number;
}

/** What must be the same for one import to go on with what another began. */
export interface RunIdentity {
  readonly targetSchema: string;
  readonly schemaFingerprint: string;
  readonly migrations: readonly string[];
  readonly artifactId: string;
  readonly mappingSha256: string | null;
}

/** What a run is, as it begins. */
export interface NewRun extends RunIdentity {
  readonly runId: string;
  readonly artifactPath: string;
  readonly formatVersion: number;
  readonly toolVersion: string;
  /** The mapping's content, so that the loaded rows can be compared later without the file. */
  readonly mapping: unknown;
  readonly options: Readonly<Record<string, unknown>>;
  readonly host: string;
  readonly osUser: string;
  readonly processId: number;
}

export interface JournalRun extends NewRun {
  readonly state: RunState;
  readonly databaseUser: string;
  /** How often it was begun or gone on with. */
  readonly attempts: number;
  readonly startedAt: Date;
  readonly resumedAt: Date | null;
  readonly endedAt: Date | null;
  readonly error: ErrorDescription | null;
}

/** A sequence that a load set, and the value it would have given next before. */
interface JournalSequence {
  readonly column: string;
  readonly sequence: string;
  /** 64-bit integers as text. */
  readonly nextValue: string;
  readonly nextValueBefore: string;
}

/** A table that a run is to load, as it begins. */
export interface NewTable {
  readonly targetTable: string;
  readonly sourceTable: string;
  readonly loadOrder: number;
  readonly rowsExpected: number;
  readonly rowsLeftOut: number;
  readonly sizeBytes: number;
  readonly sha256: string;
  /** Of the rows in their canonical form (FORMAT.md, "Table digest"), where it is known. */
  readonly digest: string | null;
  readonly ledger: readonly LedgerEntry[];
  /** What `--truncate` is to empty; 0 without it. */
  readonly rowsEmptied: number;
}

/** What a load did to a table. */
export interface LoadedFacts {
  readonly rowsLoaded: number;
  readonly rowsAfter: number;
  /** Where it was computed while the rows were loaded; null: what was known before stands. */
  readonly digest: string | null;
  readonly sequences: readonly JournalSequence[];
  readonly elapsedMs: number;
}

export interface JournalTable extends NewTable {
  readonly runId: string;
  readonly state: 'pending' | 'done' | 'rolled-back';
  readonly rowsLoaded: number | null;
  readonly rowsAfter: number | null;
  /** The transaction that loaded it; its low 32 bits are the xmin of the rows. */
  readonly xid: string | null;
  /** That transaction wrote this entry too: neither was restored from a dump since. */
  readonly isOfItsTransaction: boolean;
  readonly sequences: readonly JournalSequence[];
  readonly elapsedMs: number | null;
  readonly endedAt: Date | null;
  readonly error: ErrorDescription | null;
}

const RUN_COLUMNS = `run_id AS "runId", state, target_schema AS "targetSchema",
  schema_fingerprint AS "schemaFingerprint", migrations, artifact_id AS "artifactId",
  artifact_path AS "artifactPath", format_version AS "formatVersion", tool_version AS "toolVersion",
  mapping_sha256 AS "mappingSha256", mapping, options, host, os_user AS "osUser",
  process_id AS "processId", database_user AS "databaseUser", attempts, started_at AS "startedAt",
  resumed_at AS "resumedAt", ended_at AS "endedAt", error`;

/** float8, so that pg gives numbers: counts of rows and bytes stay below 2^53. */
const TABLE_COLUMNS = `run_id AS "runId", target_table AS "targetTable", source_table AS "sourceTable",
  load_order AS "loadOrder", state, rows_expected::float8 AS "rowsExpected",
  rows_left_out::float8 AS "rowsLeftOut", size_bytes::float8 AS "sizeBytes", sha256, digest, ledger,
  rows_emptied::float8 AS "rowsEmptied", rows_loaded::float8 AS "rowsLoaded",
  rows_after::float8 AS "rowsAfter", xid,
  coalesce(xmin::text = (xid::numeric % 4294967296)::text, false) AS "isOfItsTransaction",
  coalesce(sequences, '[]') AS sequences, elapsed_ms AS "elapsedMs", ended_at AS "endedAt", error`;

/** The runs into a schema, the latest first; into any schema when none is named. */
export async function readRuns(client: pg.Client, schema: string | null): Promise<JournalRun[]> {
  const { rows } = await client.query<JournalRun>(
    `SELECT ${RUN_COLUMNS} FROM ${JOURNAL_SCHEMA}.runs
     WHERE $1::text IS NULL OR target_schema = $1 ORDER BY started_at DESC, run_id DESC`,
    [schema],
  );
  return rows;
}

/**
 * Waits for the commits that sessions of unfinished runs have sent already: their process may be gone,
 * and the server still at it. What the journal says then is final, if the lock on the schema is held.
 */
export async function awaitCommits(client: pg.Client, schema: string): Promise<void> {
  await client.query(
    `SELECT FROM ${JOURNAL_SCHEMA}.runs WHERE target_schema = $1 AND state = 'running' FOR UPDATE`,
    [schema],
  );
}

/** The tables of a run, in load order. */
export async function readRunTables(client: pg.Client, runId: string): Promise<JournalTable[]> {
  const { rows } = await client.query<JournalTable>(
    `SELECT ${TABLE_COLUMNS} FROM ${JOURNAL_SCHEMA}.tables WHERE run_id = $1 ORDER BY load_order, target_table`,
    [runId],
  );
  return rows;
}

/**
 * How many rows other runs have added to a table since a run loaded it, and not taken back; less those
 * that it found there and that have been taken back since.
 */
export async function readRowsOfOtherRuns(
  client: pg.Client,
  schema: string,
  { runId, targetTable }: Pick<JournalTable, 'runId' | 'targetTable'>,
): Promise<number> {
  const { rows } = await client.query<{ rows: number }>(
    `SELECT (coalesce(sum(o.rows_loaded - (
         SELECT coalesce(sum((e ->> 'total')::bigint), 0) FROM jsonb_array_elements(o.ledger) AS e
         WHERE e ->> 'change' = 'conflict_update')) FILTER (WHERE o.state = 'done' AND o.ended_at > t.ended_at), 0)
       - coalesce(sum(coalesce((r.options -> 'takenBack' ->> o.target_table)::bigint, o.rows_loaded)) FILTER (
           WHERE o.state = 'rolled-back' AND o.ended_at < t.ended_at AND r.ended_at > t.ended_at), 0))::float8 AS rows
     FROM ${JOURNAL_SCHEMA}.tables AS t
     JOIN ${JOURNAL_SCHEMA}.tables AS o ON o.target_table = t.target_table AND o.run_id <> t.run_id
     JOIN ${JOURNAL_SCHEMA}.runs AS r ON r.run_id = o.run_id AND r.target_schema = $3
     WHERE t.run_id = $1 AND t.target_table = $2`,
    [runId, targetTable, schema],
  );
  return rows[0]?.rows ?? 0;
}

/**
 * Writes down a run and its tables, all at once, and that an unfinished one is left for it.
 *
 * @param abandons the run that is left as it is; null when there is none
 */
export async function beginRun(
  client: pg.Client,
  run: NewRun,
  abandons: Pick<NewRun, 'runId'> | null,
  tables: readonly NewTable[],
): Promise<void> {
  await client.query(
    `WITH abandoned AS (
       UPDATE ${JOURNAL_SCHEMA}.runs SET state = 'abandoned', ended_at = clock_timestamp() WHERE run_id = $16),
     run AS (
       INSERT INTO ${JOURNAL_SCHEMA}.runs (run_id, state, target_schema, schema_fingerprint, migrations,
         artifact_id, artifact_path, format_version, tool_version, mapping_sha256, mapping, options, host, os_user, process_id)
       VALUES ($1, 'running', $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) RETURNING run_id)
     INSERT INTO ${JOURNAL_SCHEMA}.tables (run_id, target_table, source_table, load_order, rows_expected, rows_left_out, size_bytes, sha256, digest, ledger, rows_emptied)
     SELECT run.run_id, t."targetTable", t."sourceTable", t."loadOrder", t."rowsExpected", t."rowsLeftOut", t."sizeBytes", t.sha256, t.digest, t.ledger, t."rowsEmptied"
     FROM run, jsonb_to_recordset($15) AS t ("targetTable" text, "sourceTable" text, "loadOrder" integer,
       "rowsExpected" bigint, "rowsLeftOut" bigint, "sizeBytes" bigint, sha256 text, digest text, ledger jsonb, "rowsEmptied" bigint)`,
    [
      run.runId,
      run.targetSchema,
      run.schemaFingerprint,
      [...run.migrations],
      run.artifactId,
      run.artifactPath,
      run.formatVersion,
      run.toolVersion,
      run.mappingSha256,
      run.mapping === null ? null : JSON.stringify(run.mapping),
      JSON.stringify(run.options),
      run.host,
      run.osUser,
      run.processId,
      JSON.stringify(tables),
      abandons?.runId ?? null,
    ],
  );
}

/**
 * Goes on with a run that stopped.
 *
 * @returns how often it was begun or gone on with
 */
export async function resumeRun(
  client: pg.Client,
  run: Pick<NewRun, 'runId' | 'host' | 'osUser' | 'processId'>,
): Promise<number> {
  const { rows } = await client.query<{ attempts: number }>(
    `UPDATE ${JOURNAL_SCHEMA}.runs SET state = 'running', attempts = attempts + 1, error = NULL,
       resumed_at = clock_timestamp(), ended_at = NULL, host = $2, os_user = $3, process_id = $4
     WHERE run_id = $1 RETURNING attempts`,
    [run.runId, run.host, run.osUser, run.processId],
  );
  return rows[0]?.attempts ?? 1;
}

/**
 * Writes down how a run ended.
 *
 * @returns false when the run is no longer this attempt's
 */
export async function endRun(
  client: pg.Client,
  { runId, attempt }: RunAttempt,
  state: 'done' | 'stopped',
  error: ErrorDescription | null,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `UPDATE ${JOURNAL_SCHEMA}.runs SET state = $2, error = $3, ended_at = clock_timestamp()
     WHERE run_id = $1 AND attempts = $4 AND state IN ('running', $2)`,
    [runId, state, error === null ? null : JSON.stringify(error), attempt],
  );
  return rowCount === 1;
}

/**
 * Writes that a table is loaded, in the transaction that loads it: committed rows and this word are
 * one. The run cannot be gone on with or ended by anybody else until that transaction ends.
 *
 * @returns false when the table is loaded already, or the run is no longer this attempt's
 */
export async function markDone(
  client: pg.Client,
  { runId, attempt }: RunAttempt,
  targetTable: string,
  facts: LoadedFacts,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `WITH run AS (
       SELECT run_id FROM ${JOURNAL_SCHEMA}.runs
       WHERE run_id = $1 AND attempts = $7 AND state = 'running' FOR SHARE)
     UPDATE ${JOURNAL_SCHEMA}.tables AS t SET state = 'done', error = NULL, ended_at = clock_timestamp(),
       xid = pg_catalog.pg_current_xact_id()::text, rows_loaded = $3, rows_after = $4,
       sequences = $5, elapsed_ms = $6, digest = coalesce($8, digest)
     FROM run WHERE t.run_id = run.run_id AND t.target_table = $2 AND t.state = 'pending'`,
    [
      runId,
      targetTable,
      facts.rowsLoaded,
      facts.rowsAfter,
      JSON.stringify(facts.sequences),
      facts.elapsedMs,
      attempt,
      facts.digest,
    ],
  );
  return rowCount === 1;
}

/** Writes why a table could not be loaded; it stays pending. */
export async function markFailed(
  client: pg.Client,
  { runId, attempt }: RunAttempt,
  targetTables: readonly string[],
  error: ErrorDescription,
): Promise<void> {
  await client.query(
    `UPDATE ${JOURNAL_SCHEMA}.tables SET error = $3 WHERE run_id = $1 AND target_table = ANY($2) AND state = 'pending'
       AND EXISTS (SELECT FROM ${JOURNAL_SCHEMA}.runs WHERE run_id = $1 AND attempts = $4)`,
    [runId, [...targetTables], JSON.stringify(error), attempt],
  );
}

/**
 * Waits, in a transaction, until no attempt of a run is about to commit, and keeps others from it.
 *
 * @returns the state that it has now
 */
export async function lockRun(client: pg.Client, runId: string): Promise<RunState | undefined> {
  const { rows } = await client.query<{ state: RunState }>(
    `SELECT state FROM ${JOURNAL_SCHEMA}.runs WHERE run_id = $1 FOR UPDATE`,
    [runId],
  );
  return rows[0]?.state;
}

/**
 * Writes that a run was taken back, in the transaction that does it.
 *
 * @param takenBack by target table, how many rows went
 */
export async function markRolledBack(
  client: pg.Client,
  runId: string,
  takenBack: Readonly<Record<string, number>>,
): Promise<void> {
  await client.query(
    `WITH tables AS (
       UPDATE ${JOURNAL_SCHEMA}.tables SET state = 'rolled-back' WHERE run_id = $1 AND state = 'done')
     UPDATE ${JOURNAL_SCHEMA}.runs SET state = 'rolled-back', ended_at = clock_timestamp(),
       options = options || jsonb_build_object('takenBack', $2::jsonb) WHERE run_id = $1`,
    [runId, JSON.stringify(takenBack)],
  );
}
