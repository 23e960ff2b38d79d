import { openArtifact, type Artifact } from '../artifact/reader.ts';
import { ReferencesAcross, type Part } from '../check/across/references.ts';
import type { OutgoingTable } from '../check/across/key-reader.ts';
import { LostRows } from '../check/lost-rows.ts';
import { planOffline } from '../mapping/plan-offline.ts';
import { NO_TABLE_MAPPING } from '../mapping/resolved-mapping.ts';
import { ToolkitError } from '../model/errors.ts';
import { FindingCollector, inReportOrder, type Finding } from '../model/findings.ts';
import { Ledger } from '../model/ledger.ts';
import type { CommandContext } from '../model/progress.ts';
import type { CommandResult } from '../model/reports/parts.ts';
import type { VerifyTogetherReport } from '../model/reports/verify.ts';
import { applyMapping, describeMapping, type AppliedMapping } from './apply-mapping.ts';
import { plannedArtifact } from './planned-artifact.ts';
import { describeChecked, verifyRows } from './verify-rows.ts';

/** One of several artifacts that are to fill one target. */
export interface ArtifactToVerify {
  /** A folder, or a single file. */
  readonly artifact: string;
  readonly mapping?: string | undefined;
}

export type VerifyTogetherResult = CommandResult<VerifyTogetherReport>;

/**
 * Checks several artifacts offline, each by itself and all against each other: references that a
 * mapping names lead to rows that another of them brings, and keys of a table that more than one fills.
 *
 * @throws ToolkitError as `verifyArtifact` does, and of kind `usage` when one of them is given twice
 */
export async function verifyTogether(
  given: readonly ArtifactToVerify[],
  context: CommandContext,
): Promise<VerifyTogetherResult> {
  const opened: Opened[] = [];
  try {
    for (const { artifact: path, mapping } of given) {
      const artifact = await openArtifact(path, context);
      opened.push({ artifact, mapping: null, tables: [] });
      const twin = opened.find((other) => other.artifact !== artifact && isSame(other, artifact));
      if (twin !== undefined) throw givenTwice(path, twin.artifact.path);
      const applied = await applyMapping(mapping, plannedArtifact(artifact));
      const tables = outgoingTables(artifact, applied);
      opened.splice(-1, 1, { artifact, mapping: applied, tables });
    }
    return await verifyOpened(opened, context);
  } finally {
    for (const { artifact } of opened) await artifact.close();
  }
}

interface Opened {
  readonly artifact: Artifact;
  readonly mapping: AppliedMapping | null;
  readonly tables: readonly OutgoingTable[];
}

function isSame({ artifact }: Opened, { id }: Artifact): boolean {
  return artifact.id === id;
}

function givenTwice(path: string, other: string): ToolkitError {
  return new ToolkitError({
    kind: 'usage',
    code: 'usage',
    message: `${path} is the same artifact as ${other}: name each one once; see verify --help`,
  });
}

function outgoingTables({ manifest }: Artifact, mapping: AppliedMapping | null): OutgoingTable[] {
  return manifest.tables.flatMap((table) => {
    const mapped = mapping?.tables.get(table.name) ?? NO_TABLE_MAPPING;
    const set = mapping?.file.content.set ?? {};
    return mapped.skip === undefined ? [{ table, mapping: mapped, set }] : [];
  });
}

async function verifyOpened(
  opened: readonly Opened[],
  context: CommandContext,
): Promise<VerifyTogetherResult> {
  const findings = new FindingCollector();
  const parts: Part[] = opened.map(({ artifact, tables }) => ({ path: artifact.path, tables }));
  const across = new ReferencesAcross(parts, findings);
  try {
    const artifacts: VerifyTogetherResult['artifacts'] = [];
    const own: Finding[] = [];
    for (const one of opened) {
      context.progress.note(`checking ${one.artifact.path}`);
      const { findings: found, ...verified } = await verifyOne(one, across, context);
      artifacts.push(verified);
      own.push(...found);
    }
    across.finish();
    return {
      artifacts,
      totalRows: artifacts.reduce((sum, { totalRows }) => sum + totalRows, 0),
      totalBytes: artifacts.reduce((sum, { totalBytes }) => sum + totalBytes, 0),
      references: across.references.map((reference) => ({
        ...reference,
        columns: [...reference.columns],
        key: [...reference.key],
        broughtBy: [...reference.broughtBy],
      })),
      findings: inReportOrder([...own, ...findings.list()]),
    };
  } finally {
    across.close();
  }
}

async function verifyOne(
  { artifact, mapping, tables }: Opened,
  across: ReferencesAcross,
  context: CommandContext,
): Promise<VerifyTogetherResult['artifacts'][number] & { findings: Finding[] }> {
  const findings = new FindingCollector();
  const ledger = new Ledger();
  const plans = planOffline(plannedArtifact(artifact), mapping?.tables ?? new Map(), findings);
  const lostRows = new LostRows(plans);
  try {
    const checked = await verifyRows(
      {
        artifact,
        plans,
        mapping,
        lostRows,
        findings,
        ledger,
        watch: (plan) => {
          const outgoing = tables.find(({ table }) => table.name === plan.source.name);
          return {
            look: (row, _, line) => {
              if (outgoing !== undefined) across.look(outgoing, row, line);
            },
          };
        },
      },
      context,
    );
    return {
      ...describeChecked(artifact, checked),
      mapping: describeMapping(mapping),
      ledger: ledger.list(),
      findings: findings.list().map((finding) => inArtifact(finding, artifact.path)),
    };
  } finally {
    lostRows.close();
  }
}

/** Which of the artifacts a finding speaks of. */
function inArtifact(finding: Finding, path: string): Finding {
  const { file } = finding.where;
  return {
    ...finding,
    where: { ...finding.where, file: file === undefined ? path : `${path}/${file}` },
  };
}
