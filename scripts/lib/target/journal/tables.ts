import type pg from 'pg';

import { ToolkitError } from '../../model/errors.ts';

/** The journal's schema: apart from the application's, so that Prisma sees no drift. */
export const JOURNAL_SCHEMA = 'sqlite_migration';

const JOURNAL_VERSION = 1;

/** "SQLJ": the advisory lock of those who make the journal. */
const MAKING_LOCK = 0x53514c4a;

const SCHEMA: readonly string[] = [
  `CREATE SCHEMA ${JOURNAL_SCHEMA}`,
  `COMMENT ON SCHEMA ${JOURNAL_SCHEMA} IS 'What the SQLite migration toolkit loaded, and when. import --forget removes it.'`,
];

/**
 * The journal's tables, by the SQL that makes them. `xid` is the transaction that loaded a table: its
 * rows carry it as their xmin, which tells them from rows that came or changed later. So does the
 * entry of the table, which is therefore not to be updated once it is `done`.
 *
 * Source: https://www.postgresql.org/docs/current/ddl-system-columns.html
 */
const TABLES: readonly string[] = [
  `CREATE TABLE ${JOURNAL_SCHEMA}.journal (version integer NOT NULL)`,
  `INSERT INTO ${JOURNAL_SCHEMA}.journal VALUES (${JOURNAL_VERSION})`,
  `CREATE TABLE ${JOURNAL_SCHEMA}.runs (
     run_id text PRIMARY KEY,
     state text NOT NULL CHECK (state IN ('running', 'done', 'stopped', 'abandoned', 'rolled-back')),
     target_schema text NOT NULL,
     schema_fingerprint text NOT NULL,
     migrations text[] NOT NULL,
     artifact_id text NOT NULL,
     artifact_path text NOT NULL,
     format_version integer NOT NULL,
     tool_version text NOT NULL,
     mapping_sha256 text,
     mapping jsonb,
     options jsonb NOT NULL,
     host text NOT NULL,
     os_user text NOT NULL,
     process_id integer NOT NULL,
     database_user text NOT NULL DEFAULT session_user,
     attempts integer NOT NULL DEFAULT 1,
     started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
     resumed_at timestamptz,
     ended_at timestamptz,
     error jsonb)`,
  `CREATE TABLE ${JOURNAL_SCHEMA}.tables (
     run_id text NOT NULL REFERENCES ${JOURNAL_SCHEMA}.runs ON DELETE CASCADE,
     target_table text NOT NULL,
     source_table text NOT NULL,
     load_order integer NOT NULL,
     state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'done', 'rolled-back')),
     rows_expected bigint NOT NULL,
     rows_left_out bigint NOT NULL,
     size_bytes bigint NOT NULL,
     sha256 text NOT NULL,
     digest text,
     ledger jsonb NOT NULL,
     rows_emptied bigint NOT NULL,
     rows_loaded bigint,
     rows_after bigint,
     xid text,
     sequences jsonb,
     elapsed_ms double precision,
     ended_at timestamptz,
     error jsonb,
     PRIMARY KEY (run_id, target_table))`,
];

interface JournalFacts {
  readonly role: string;
  /** Null when there is no such schema. */
  readonly owner: string | null;
  readonly hasTables: boolean;
  readonly mayMake: boolean;
  readonly mayRead: boolean;
  readonly mayWrite: boolean;
}

/** Names are looked up in the catalog, which needs no right on the schema. */
const JOURNAL_FACTS = `
  SELECT quote_ident(current_user) AS role, quote_ident(pg_catalog.pg_get_userbyid(n.nspowner)) AS owner,
    count(c.oid) > 0 AS "hasTables",
    CASE WHEN n.oid IS NULL THEN pg_catalog.has_database_privilege(current_database(), 'CREATE')
         ELSE pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.has_schema_privilege(n.oid, 'CREATE')
    END AS "mayMake",
    coalesce(pg_catalog.has_schema_privilege(n.oid, 'USAGE')
      AND bool_and(pg_catalog.has_table_privilege(c.oid, 'SELECT')), false) AS "mayRead",
    coalesce(bool_and(c.relname = 'journal' OR pg_catalog.has_table_privilege(c.oid, 'INSERT')
      AND pg_catalog.has_table_privilege(c.oid, 'UPDATE')), false) AS "mayWrite"
  FROM (SELECT) AS one
  LEFT JOIN pg_catalog.pg_namespace AS n ON n.nspname = '${JOURNAL_SCHEMA}'
  LEFT JOIN pg_catalog.pg_class AS c ON c.relnamespace = n.oid AND c.relname IN ('journal', 'runs', 'tables')
  GROUP BY n.oid, n.nspowner`;

async function readFacts(client: pg.Client): Promise<JournalFacts> {
  const { rows } = await client.query<JournalFacts>(JOURNAL_FACTS);
  const [facts] = rows;
  if (facts === undefined) throw new Error('the question for the journal has no answer');
  return facts;
}

/**
 * Whether the target has a journal, which the role may then read.
 *
 * @throws ToolkitError of kind `target` when it may not, or another version of the toolkit made it
 */
export async function hasJournal(client: pg.Client): Promise<boolean> {
  const facts = await readFacts(client);
  if (!facts.hasTables) return false;
  if (!facts.mayRead) throw forbidden(facts);
  await requireVersion(client);
  return true;
}

/**
 * Makes sure, before anything else is done, that an import can keep its journal.
 *
 * @returns whether there is one already
 * @throws ToolkitError of kind `target` when the role may not make it or write into it, or another
 * version of the toolkit made it
 */
export async function requireJournal(client: pg.Client): Promise<boolean> {
  const facts = await readFacts(client);
  const isAllowed = facts.hasTables ? facts.mayRead && facts.mayWrite : facts.mayMake;
  if (!isAllowed) throw forbidden(facts);
  if (facts.hasTables) await requireVersion(client);
  return facts.hasTables;
}

async function requireVersion(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ version: number }>(
    `SELECT version FROM ${JOURNAL_SCHEMA}.journal`,
  );
  const version = rows[0]?.version;
  if (version === JOURNAL_VERSION) return;
  throw new ToolkitError({
    kind: 'target',
    code: 'journal-version',
    message: `the journal in the schema ${JOURNAL_SCHEMA} has version ${version ?? 'unknown'}; this toolkit knows version ${JOURNAL_VERSION}`,
    hint: 'use the version of the toolkit that made it, or remove it with import --forget',
  });
}

function forbidden({ role, owner, hasTables }: JournalFacts): ToolkitError {
  const grants = `GRANT USAGE ON SCHEMA ${JOURNAL_SCHEMA} TO ${role}; GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA ${JOURNAL_SCHEMA} TO ${role}`;
  const make =
    owner === null
      ? `CREATE SCHEMA ${JOURNAL_SCHEMA} AUTHORIZATION ${role}`
      : `GRANT USAGE, CREATE ON SCHEMA ${JOURNAL_SCHEMA} TO ${role}`;
  return new ToolkitError({
    kind: 'target',
    code: 'journal-forbidden',
    message: hasTables
      ? `the role ${role} may not use the journal in the schema ${JOURNAL_SCHEMA}, which belongs to ${owner ?? 'another'}`
      : `the role ${role} may not make the schema ${JOURNAL_SCHEMA}, in which an import keeps its journal`,
    hint: hasTables
      ? `connect as ${owner ?? 'its owner'}, or let it run: ${grants}`
      : `let an administrator run once: ${make}`,
  });
}

/** Makes the journal where there is none, in a transaction of its own. */
export async function openJournal(client: pg.Client): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query('SELECT pg_catalog.pg_advisory_xact_lock($1)', [MAKING_LOCK]);
    const { owner, hasTables } = await readFacts(client);
    // IF NOT EXISTS would ask for a right that is not needed where an administrator made the schema.
    const missing = [...(owner === null ? SCHEMA : []), ...(hasTables ? [] : TABLES)];
    for (const statement of missing) await client.query(statement);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** Removes the journal with its history, whatever version it has; where there is none, nothing. */
export async function removeJournal(client: pg.Client): Promise<void> {
  await client.query(`DROP SCHEMA IF EXISTS ${JOURNAL_SCHEMA} CASCADE`);
}
