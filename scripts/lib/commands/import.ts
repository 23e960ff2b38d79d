import { openArtifact, type Artifact } from '../artifact/reader.ts';
import { ToolkitError } from '../model/errors.ts';
import { Ledger } from '../model/ledger.ts';
import type { ConflictAnswer } from '../model/conflict.ts';
import { FindingCollector } from '../model/findings.ts';
import type { CommandContext } from '../model/progress.ts';
import type { CommandResult } from '../model/reports/parts.ts';
import type { ImportReport } from '../model/reports/import.ts';
import { chooseSchema, parseTargetUrl, type TargetAddress } from '../target/connection-config.ts';
import {
  IMPORT_APPLICATION,
  connectTarget,
  explainFault,
  type TargetSession,
  type Timeouts,
} from '../target/connect.ts';
import { requireTriggersOn } from '../target/constraints/rights.ts';
import { introspectTarget, useSchema } from '../target/introspect.ts';
import { schemaFingerprint } from '../target/journal/fingerprint.ts';
import { lockSchema } from '../target/journal/run-lock.ts';
import { awaitCommits } from '../target/journal/runs.ts';
import { requireJournal } from '../target/journal/tables.ts';
import { checkMigrations } from '../target/migrations.ts';
import { applyMapping, type AppliedMapping } from './apply-mapping.ts';
import { decide, type Decision } from './import-decision.ts';
import { judgeAndLoad } from './import-load.ts';
import { migrationsFolder } from './migrations-folder.ts';
import { plannedArtifact } from './planned-artifact.ts';
import { selectTables } from './selected-tables.ts';

export interface ImportOptions {
  /** A folder, or a single file. */
  readonly artifact: string;
  readonly target: string;
  /** Overrides the URL's `?schema=`. */
  readonly schema?: string | undefined;
  /** Only these tables of the source; all when absent. */
  readonly tables?: readonly string[] | undefined;
  /** Empty tables that hold rows, each in the transaction that loads it. */
  readonly truncate: boolean;
  /** Load beside the rows that are there. */
  readonly append: boolean;
  /**
   * Load beside the rows that are there, and this becomes of a row whose primary key one of them has;
   * `error` when absent, which does not say that rows may be there.
   */
  readonly onConflict?: ConflictAnswer | undefined;
  readonly dryRun: boolean;
  /** Leave an unfinished run as it is and begin anew. */
  readonly restart: boolean;
  /** Load with all constraints and indexes in place. */
  readonly keepConstraints: boolean;
  /** How many rows a table gets at least so that its indexes are built after them; as is usual when absent. */
  readonly rowsToDropIndexes?: number | undefined;
  /** How many sessions load side by side. */
  readonly jobs: number;
  /** How long statements may take; the usual when absent. */
  readonly timeouts?: Timeouts | undefined;
  /** How often a table is tried again after a fault that may pass. */
  readonly retries: number;
  /** How long to wait before another attempt, in milliseconds; as ever longer as is usual when absent. */
  readonly backoffMs?: ((attempt: number) => number) | undefined;
  /** The migrations folder to compare with; by default the one that Prisma's configuration names. */
  readonly migrations?: string | undefined;
  readonly skipMigrationCheck: boolean;
  /** The mapping file; without it, tables and columns go where their names say. */
  readonly mapping?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
}

export type ImportResult = CommandResult<ImportReport>;

/**
 * Loads an artifact into a migrated PostgreSQL schema, or goes on with a load that stopped. Everything
 * that does not fit is found before anything is written: then nothing is loaded, and the findings say why.
 *
 * @throws ToolkitError of kind `artifact`, `target` or `target-schema` when the check cannot be made
 */
export async function importArtifact(
  options: ImportOptions,
  context: CommandContext,
): Promise<ImportResult> {
  const address = parseTargetUrl(options.target, options.env);
  const artifact = await openArtifact(options.artifact, context);
  try {
    const mapping = await applyMapping(options.mapping, plannedArtifact(artifact));
    if (options.truncate) requireAllRowsOurs(mapping);
    const tables = selectTables(options.tables, artifact, mapping);
    return await importOpened(artifact, mapping, address, { ...options, tables }, context);
  } finally {
    await artifact.close();
  }
}

/** @throws ToolkitError of kind `usage` where the tables hold rows of other sources too */
function requireAllRowsOurs(mapping: AppliedMapping | null): void {
  const names = Object.keys(mapping?.file.content.set ?? {});
  if (names.length === 0) return;
  throw new ToolkitError({
    kind: 'usage',
    code: 'usage',
    message: `--truncate would empty the rows of other sources too: the mapping sets ${names.join(', ')}`,
    hint: 'take back what this source loaded before: import --status names its run, import --rollback RUN removes its rows',
  });
}

async function importOpened(
  artifact: Artifact,
  mapping: AppliedMapping | null,
  address: TargetAddress,
  options: ImportOptions,
  context: CommandContext,
): Promise<ImportResult> {
  const schema = chooseSchema(options.schema, address);
  const open = async (): Promise<TargetSession> => {
    const session = await connectTarget(
      address,
      IMPORT_APPLICATION,
      context.signal,
      options.timeouts,
    );
    try {
      await requireTriggersOn(session.client);
      await useSchema(session.client, schema);
      return session;
    } catch (error) {
      await session.close();
      throw explainFault(error, session.label);
    }
  };
  const session = await open();
  try {
    return await importInto({ session, schema, open, artifact, mapping, options, context });
  } catch (error) {
    throw explainFault(error, session.label);
  } finally {
    await session.close();
  }
}

/** What an import has in its hands once it has connected. */
export interface OpenImport {
  /** Holds the lock on the schema. */
  readonly session: TargetSession;
  readonly schema: string;
  /** Opens another session like it. */
  readonly open: () => Promise<TargetSession>;
  readonly artifact: Artifact;
  readonly mapping: AppliedMapping | null;
  readonly options: ImportOptions;
  readonly context: CommandContext;
}

async function importInto(opened: OpenImport): Promise<ImportResult> {
  const { session, schema, options } = opened;
  const { client } = session;
  const catalog = await introspectTarget(client, schema);
  const lockPid = await lockSchema(client, schema);
  const hasRunBefore = await requireJournal(client);
  const migrations = options.skipMigrationCheck
    ? []
    : await checkMigrations(client, schema, migrationsFolder(options));
  const identity = {
    targetSchema: schema,
    schemaFingerprint: schemaFingerprint(catalog),
    migrations,
    artifactId: opened.artifact.id,
    mappingSha256: opened.mapping?.file.sha256 ?? null,
  };
  if (hasRunBefore) await awaitCommits(client, schema);
  const decision: Decision = hasRunBefore
    ? await decide(client, {
        identity,
        selection: options.tables ?? null,
        restart: options.restart,
        onConflict: options.onConflict ?? 'error',
        mayLoadAgain: options.truncate || options.append,
      })
    : { kind: 'new', abandons: null };
  return judgeAndLoad(opened, {
    catalog,
    identity,
    decision,
    hasRunBefore,
    lockPid,
    findings: new FindingCollector(),
    ledger: new Ledger(),
  });
}
