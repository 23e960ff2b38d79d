import { randomInt } from 'node:crypto';

import { openArtifact, type Artifact } from '../artifact/reader.ts';
import type { ScannedRows } from '../artifact/scanned-rows.ts';
import { readVerifiedRecord, type VerifiedRecord } from '../artifact/verified-record.ts';
import { PassingRanges, readIntegerRanges } from '../check/integer-ranges.ts';
import { LostRows } from '../check/lost-rows.ts';
import { rowFormat, type RowFormat } from '../compare/target/row-format.ts';
import { TableDigest } from '../compare/target/table-digest.ts';
import { RowSample } from '../compare/target/sample.ts';
import type { IntegerRange, TablePlan } from '../mapping/plan.ts';
import { FindingCollector } from '../model/findings.ts';
import { Ledger } from '../model/ledger.ts';
import type { CommandContext } from '../model/progress.ts';
import type { TargetCatalog } from '../model/target-catalog.ts';
import { chooseSchema, parseTargetUrl } from '../target/connection-config.ts';
import { connectTarget, explainFault, type TargetSession } from '../target/connect.ts';
import { introspectTarget } from '../target/introspect.ts';
import { describeMapping, planWithRanges } from './apply-mapping.ts';
import { plannedArtifact } from './planned-artifact.ts';
import { chooseMapping, type ChosenMapping } from './verify-mapping.ts';
import { describeChecked, verifyRows } from './verify-rows.ts';
import { compareTarget } from './verify-snapshot.ts';
import type { VerifyOptions, VerifyResult } from './verify.ts';

export interface VerifyTargetOptions extends VerifyOptions {
  /** URL of the PostgreSQL database. */
  readonly target: string;
  /** Overrides the URL's `?schema=`. */
  readonly schema?: string | undefined;
  /** Show the values of differing columns, not only their hashes and lengths. */
  readonly showValues: boolean;
  /** Compare only so many rows of each table. */
  readonly sample?: number | undefined;
  /** Chooses the rows of a sample. */
  readonly seed?: number | undefined;
  readonly env: NodeJS.ProcessEnv;
}

const APPLICATION = 'sqlite-migration verify';

/**
 * Verifies an artifact, and compares every row that it has for a PostgreSQL schema with what that
 * holds. Nothing is written. Of the target's journal nothing is believed but the mapping.
 *
 * @throws ToolkitError of kind `artifact` when there is no artifact, of kind `usage` when the mapping
 * cannot be, of kind `target` or `target-schema` when the target cannot be read
 */
export async function verifyTarget(
  options: VerifyTargetOptions,
  context: CommandContext,
): Promise<VerifyResult> {
  const address = parseTargetUrl(options.target, options.env);
  const schema = chooseSchema(options.schema, address);
  const artifact = await openArtifact(options.artifact, context);
  try {
    const session = await connectTarget(address, APPLICATION, context.signal);
    try {
      const record = await readVerifiedRecord(artifact);
      return await verifyConnected({ artifact, session, schema, options, context }, record);
    } catch (error) {
      throw explainFault(error, session.label);
    } finally {
      await session.close();
    }
  } finally {
    await artifact.close();
  }
}

/** What the comparison has in its hands once it has connected. */
interface Connected {
  readonly artifact: Artifact;
  readonly session: TargetSession;
  readonly schema: string;
  readonly options: VerifyTargetOptions;
  readonly context: CommandContext;
}

/** A table to compare, and what is known of its rows once they have passed. */
export interface PreparedTable {
  readonly plan: TablePlan;
  readonly format: RowFormat;
  readonly digest: TableDigest;
  readonly sample: RowSample | null;
  readonly passing: PassingRanges;
}

/** Everything that the comparison of the rows needs. */
export interface Prepared extends Connected {
  readonly catalog: TargetCatalog;
  readonly mapping: ChosenMapping;
  readonly tables: readonly PreparedTable[];
  readonly sample: { readonly rows: number; readonly seed: number } | null;
  readonly lostRows: LostRows;
  readonly findings: FindingCollector;
  readonly ledger: Ledger;
}

/**
 * @param record what a verification learned of the columns; the rows that pass have to bear it out, else all
 * is done again without it
 */
async function verifyConnected(
  connected: Connected,
  record: VerifiedRecord | null,
): Promise<VerifyResult> {
  const { artifact, session, schema, options, context } = connected;
  const findings = new FindingCollector();
  const ledger = new Ledger();
  const catalog = await introspectTarget(session.client, schema);
  const mapping = await chooseMapping(options.mapping, { artifact, session, schema, findings });
  const { plans, ranges } = await planForTarget(connected, { catalog, mapping, findings, record });
  const sample =
    options.sample === undefined
      ? null
      : { rows: options.sample, seed: options.seed ?? randomInt(MAX_SEED) };
  const tables = plans.map((plan): PreparedTable => {
    const format = rowFormat(plan);
    const digest = new TableDigest(plan);
    return {
      plan,
      format,
      digest,
      sample: sample === null ? null : new RowSample(format, plan.source.name, sample),
      passing: new PassingRanges(plan.source, ranges),
    };
  });
  const lostRows = new LostRows(plans, context.keyMemoryBytes);
  try {
    context.progress.note('checking the artifact');
    const rows = { artifact, plans, mapping: mapping.applied, lostRows, findings, ledger };
    const checked = await verifyRows({ ...rows, watch: watcherOf(tables) }, context);
    const isBorneOut = tables.every(({ passing }) => passing.areTrue());
    if (record !== null && !isBorneOut) return await verifyConnected(connected, null);
    const isSound = !findings.hasBlockingOf('integrity');
    const prepared = { ...connected, catalog, mapping, tables, sample, lostRows, findings, ledger };
    const comparison = isSound ? await compareTarget(prepared) : null;
    return {
      ...describeChecked(artifact, checked),
      mapping: describeMapping(mapping.applied),
      ledger: ledger.list(),
      comparison,
      findings: findings.list(),
    };
  } finally {
    lostRows.close();
  }
}

const MAX_SEED = 2 ** 32;

/** Tables that nothing goes into are told with their rows later, and not here. */
async function planForTarget(
  { artifact, context }: Connected,
  known: {
    readonly catalog: TargetCatalog;
    readonly mapping: ChosenMapping;
    readonly findings: FindingCollector;
    readonly record: VerifiedRecord | null;
  },
): Promise<{ plans: TablePlan[]; ranges: ReadonlyMap<string, IntegerRange> }> {
  let ranges: ReadonlyMap<string, IntegerRange> = new Map();
  const planning = new FindingCollector();
  const plans = await planWithRanges(
    {
      source: plannedArtifact(artifact),
      target: known.catalog,
      mapping: known.mapping.applied,
      findings: planning,
    },
    async (undecided) =>
      (ranges = await readIntegerRanges(artifact, undecided, context, known.record?.factsOf)),
  );
  for (const { total, examples, ...head } of planning.list()) {
    if (head.code !== 'target-table-not-filled') known.findings.addCounted(head, total, examples);
  }
  return { plans, ranges };
}

function watcherOf(
  tables: readonly PreparedTable[],
): NonNullable<Parameters<typeof verifyRows<TablePlan>>[0]['watch']> {
  return (plan) => {
    const table = tables.find((candidate) => candidate.plan === plan);
    if (table === undefined) return { look: () => undefined };
    const { sample, digest, passing } = table;
    const pass = (rows: ScannedRows): void => passing.look(rows);
    return sample === null
      ? { pass, look: (row, values) => digest.look(row, values), loaded: digest }
      : { pass, look: (row, values, line) => sample.look(row, values, line) };
  };
}
