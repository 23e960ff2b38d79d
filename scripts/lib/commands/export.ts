import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

import type { Compression } from '../artifact/compression.ts';
import {
  ARTIFACT_FORMAT,
  FORMAT_VERSION,
  type Manifest,
  type ManifestTable,
} from '../artifact/manifest.ts';
import { SCHEMA_FILE, artifactFolderName, dataFile } from '../artifact/paths.ts';
import { sourceLines } from '../check/source-lines.ts';
import { keyedTableShape } from '../artifact/table-shape.ts';
import { ArtifactWriter, type WrittenTable } from '../artifact/writer.ts';
import { dependenciesOf } from '../mapping/describe-dependencies.ts';
import type { CommandContext } from '../model/progress.ts';
import type { CommandResult } from '../model/reports/parts.ts';
import type { ExportReport } from '../model/reports/export.ts';
import type { NotCarried, SourceFacts, SourceTable } from '../model/source-catalog.ts';
import { TOOL_VERSION } from '../model/version.ts';
import { introspectSource } from '../source/introspect.ts';
import { hasWalContent, openSource, readSourceFacts, type Source } from '../source/open.ts';
import { readExactly, requireRowCount, type TextReading } from '../source/rows.ts';
import { readSchemaSql } from '../source/schema-sql.ts';
import { chooseTables } from '../source/selection.ts';
import type { SnapshotReaders } from '../source/snapshot-readers.ts';
import { asSourceError } from '../source/source-error.ts';
import { tableSize, tableSizeByReaders, type TableSize } from '../source/table-size.ts';
import { loadOrder } from './load-order.ts';
import { openReaders } from './open-readers.ts';

export interface ExportOptions {
  readonly source: string;
  /** The artifact's path; by default `exports/<source name>-<UTC time>`. */
  readonly out?: string | undefined;
  /** Only these tables; all when absent. */
  readonly tables?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  /** How many threads read the database side by side; when absent, as many as pay for themselves. */
  readonly jobs?: number | undefined;
  /** How data files are compressed; not at all when absent. */
  readonly compress?: Compression | undefined;
}

type ExportResult = CommandResult<ExportReport>;
type ExportedTable = ExportResult['tables'][number];

/**
 * Writes every table of one moment of the database as an artifact.
 *
 * @throws ToolkitError of kind `source` or `artifact`; nothing is left behind then
 */
export async function exportSource(
  options: ExportOptions,
  context: CommandContext,
): Promise<ExportResult> {
  const hadWal = hasWalContent(options.source);
  const source = openSource(options.source);
  let readers: SnapshotReaders | undefined;
  try {
    readers = await openReaders(source, options.jobs, context);
    const facts = readSourceFacts(source, hadWal);
    const introspected = introspectSource(source.db);
    const chosen = chooseTables(introspected.tables, options);
    const notCarried = [...introspected.notCarried, ...chosen.excluded];
    const createdAt = new Date();
    const out = options.out ?? join('exports', artifactFolderName(facts.fileName, createdAt));
    const writer = await ArtifactWriter.create(out);
    try {
      return await writeArtifact(
        {
          options,
          source,
          readers,
          facts,
          tables: chosen.tables,
          migrationHistory: introspected.migrationHistory,
          notCarried,
          createdAt,
          out,
          writer,
        },
        context,
      );
    } catch (error) {
      throw await writer.abandonAfter(error);
    }
  } catch (error) {
    throw asSourceError(error, options.source);
  } finally {
    await readers?.close();
    source.close();
  }
}

interface Job {
  readonly options: ExportOptions;
  readonly source: Source;
  readonly readers: SnapshotReaders | undefined;
  readonly facts: SourceFacts;
  readonly tables: readonly SourceTable[];
  readonly migrationHistory: SourceTable | null;
  readonly notCarried: readonly NotCarried[];
  readonly createdAt: Date;
  readonly out: string;
  readonly writer: ArtifactWriter;
}

async function writeArtifact(job: Job, context: CommandContext): Promise<ExportResult> {
  const groups = loadOrder(job.tables);
  const byName = new Map(job.tables.map((table) => [table.name, table]));
  const ordered = groups.flatMap((group) =>
    group.members.flatMap((name) => byName.get(name) ?? []),
  );
  const manifestTables: ManifestTable[] = [];
  const exported: ExportedTable[] = [];
  const { migrationHistory: history } = job;
  const all = history === null ? ordered : [...ordered, history];
  const sizes = await planExport(job, all, context);
  for (const [index, table] of ordered.entries()) {
    const startedAt = performance.now();
    const file = dataFile(index + 1, ordered.length, table.name, job.options.compress);
    const written = await writeTable(job, table, file, sizes.get(table), context);
    manifestTables.push(toManifestTable(table, index + 1, file, written));
    exported.push({
      name: table.name,
      file,
      ...written,
      elapsedMs: Math.round(performance.now() - startedAt),
    });
  }
  const migrationHistory = await writeMigrationHistory(job, ordered.length, sizes, context);
  const schemaSql = readSchemaSql(job.source.db);
  const schema = await job.writer.writeSchema(schemaSql.text);
  context.signal.throwIfAborted();
  const finished = await job.writer.finish({
    format: ARTIFACT_FORMAT,
    formatVersion: FORMAT_VERSION,
    toolVersion: TOOL_VERSION,
    createdAt: job.createdAt.toISOString(),
    source: job.facts,
    schema: { file: SCHEMA_FILE, ...schema, statements: [...schemaSql.statements] },
    tables: manifestTables,
    ...migrationHistory,
    cycles: groups.filter((group) => group.cyclic).map((group) => [...group.members]),
    notCarried: [...job.notCarried],
  });
  return {
    source: job.options.source,
    artifact: { path: job.out, id: finished.id },
    totalRows: exported.reduce((sum, table) => sum + table.rowCount, 0),
    totalBytes: exported.reduce((sum, table) => sum + table.sizeBytes, 0),
    tables: exported,
    dependencies: dependenciesOf(ordered),
    notCarried: [...job.notCarried],
    findings: [],
  };
}

type TableSizes = ReadonlyMap<SourceTable, TableSize>;

/** Counts the rows of every table, and says what is to be done. */
async function planExport(
  job: Job,
  tables: readonly SourceTable[],
  context: CommandContext,
): Promise<TableSizes> {
  const sizes = new Map<SourceTable, TableSize>();
  const activity = context.progress.start('counting rows', null, { phase: 'count' });
  for (const table of tables) {
    sizes.set(table, await sizeOf(job, table));
    // A turn of the event loop, so that Ctrl-C is heard between large tables.
    await new Promise(setImmediate);
    context.signal.throwIfAborted();
  }
  activity.done();
  context.progress.plan?.(
    'export',
    [...sizes].map(([table, { rowCount }]) => ({ table: table.name, rows: rowCount, bytes: null })),
  );
  return sizes;
}

async function sizeOf({ source, readers }: Job, table: SourceTable): Promise<TableSize> {
  try {
    if (readers === undefined) return tableSize(source.db, table);
    return await tableSizeByReaders(readers, table);
  } catch (error) {
    throw asSourceError(error, source.path, table.name);
  }
}

/** Writes Prisma's own table, where there is one, for a restore alone: it is none of the tables. */
async function writeMigrationHistory(
  job: Job,
  tableCount: number,
  sizes: TableSizes,
  context: CommandContext,
): Promise<Pick<Manifest, 'migrationHistory'>> {
  const table = job.migrationHistory;
  if (table === null) return {};
  const file = dataFile(0, tableCount, table.name, job.options.compress);
  const written = await writeTable(job, table, file, sizes.get(table), context);
  return { migrationHistory: { ...toManifestTable(table, 0, file, written), order: 0 } };
}

async function writeTable(
  job: Job,
  table: SourceTable,
  file: string,
  size: TableSize | undefined,
  context: CommandContext,
): Promise<WrittenTable> {
  const { source, readers, facts, writer } = job;
  const expected = size?.rowCount ?? 0;
  try {
    const activity = context.progress.start(table.name, expected, {
      phase: 'export',
      table: table.name,
    });
    const write = (reading: TextReading): Promise<WrittenTable> =>
      writer.writeTable(
        file,
        sourceLines(source.db, table, reading, facts.encoding, context.signal, { readers, size }),
        (rows, bytes) => activity.advance(rows, bytes),
      );
    const written = await readExactly(facts.encoding, write);
    activity.done();
    requireRowCount(source.path, table, written.rowCount, expected);
    return written;
  } catch (error) {
    throw asSourceError(error, source.path, table.name);
  }
}

function toManifestTable(
  table: SourceTable,
  order: number,
  file: string,
  written: WrittenTable,
): ManifestTable {
  return {
    ...keyedTableShape(table),
    ...written,
    order,
    file,
    ...(table.autoincrementRowid === undefined
      ? {}
      : { autoincrementRowid: table.autoincrementRowid.toString() }),
  };
}
