import { randomInt } from 'node:crypto';

import { openArtifact, type Artifact } from '../artifact/reader.ts';
import type { ScannedRows } from '../artifact/scanned-rows.ts';
import { readVerifiedRecord, type VerifiedRecord } from '../artifact/verified-record.ts';
import { PassingRanges, readIntegerRanges } from '../check/integer-ranges.ts';
import { LostRows } from '../check/lost-rows.ts';
import { readAhead } from '../compare/target/read-ahead.ts';
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
import { describeMapping } from './apply-mapping.ts';
import { planWithRanges } from './plan-with-ranges.ts';
import { plannedArtifact } from './planned-artifact.ts';
import { chooseMapping, type ChosenMapping } from './verify-mapping.ts';
import { describeChecked, verifyRows } from './verify-rows.ts';
import { beginSnapshot, compareTarget } from './verify-snapshot.ts';
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
 * holds. Nothing is written. Of the target's journal nothing is believed but the mapping; of an earlier
 * verification, the order of rows and the foreign keys, where every file is still what it was then.
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
  const verify = async (record: VerifiedRecord | null): Promise<VerifyResult> => {
    const session = await connectTarget(address, APPLICATION, context.signal);
    let verified: VerifyResult | null;
    try {
      verified = await verifyConnected({ artifact, session, schema, options, context }, record);
    } catch (error) {
      throw explainFault(error, session.label);
    } finally {
      await session.close();
    }
    if (verified !== null) return verified;
    context.progress.note('the artifact is not what was verified then: beginning again');
    return verify(null);
  };
  try {
    return await verify(await readVerifiedRecord(artifact));
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
 * @param record what a verification found out
 * @returns null where the artifact does not bear the record out: all is to be done again without it
 */
async function verifyConnected(
  connected: Connected,
  record: VerifiedRecord | null,
): Promise<VerifyResult | null> {
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
  await beginSnapshot(session.client);
  const ahead = readAhead(session, catalog, sample === null ? tables : []);
  try {
    context.progress.note(describeCheck(record));
    const checked = await verifyRows(
      {
        artifact,
        plans,
        mapping: mapping.applied,
        lostRows,
        findings,
        ledger,
        watch: watcherOf(tables),
        depth: record === null ? 'whole' : 'unchanged',
      },
      context,
    );
    const isSound = !findings.hasBlockingOf('integrity');
    const isBorneOut = isSound && tables.every(({ passing }) => passing.areTrue());
    if (record !== null && !isBorneOut) return null;
    const prepared = { ...connected, catalog, mapping, tables, sample, lostRows, findings, ledger };
    const comparison = isSound ? await compareTarget(prepared, ahead) : null;
    return {
      ...describeChecked(artifact, checked),
      reliesOn: describeRecord(record),
      mapping: describeMapping(mapping.applied),
      ledger: ledger.list(),
      comparison,
      findings: findings.list(),
    };
  } finally {
    await ahead.stop();
    lostRows.close();
  }
}

function describeCheck(record: VerifiedRecord | null): string {
  return record === null
    ? 'checking the artifact'
    : `hashing the artifact, which was verified at ${record.startedAt}, and trying every value`;
}

function describeRecord(record: VerifiedRecord | null): VerifyResult['reliesOn'] {
  return record && { startedAt: record.startedAt, toolVersion: record.toolVersion };
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
