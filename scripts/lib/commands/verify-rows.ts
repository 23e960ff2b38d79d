import type { ManifestTable } from '../artifact/manifest.ts';
import type { Artifact } from '../artifact/reader.ts';
import type { ScannedRows } from '../artifact/scanned-rows.ts';
import { checkArtifact, type CheckDepth, type CheckedTable } from '../check/artifact.ts';
import { rowsAhead } from '../check/artifact-rows.ts';
import { NOT_LOADED, type RowWatcher } from '../check/foreign-keys.ts';
import { rowJudge, type RowPlace } from '../check/judge.ts';
import type { LostRows } from '../check/lost-rows.ts';
import { TableFacts } from '../check/column-facts.ts';
import { scannedJudge, type LoadedRows } from '../check/scanned-judge.ts';
import type { TablePlan } from '../mapping/plan.ts';
import type { ConvertedRow } from '../mapping/row.ts';
import type { PlannedTable } from '../mapping/source-shape.ts';
import { dependenciesOf } from '../mapping/describe-dependencies.ts';
import { CHECKS_VERSION } from '../model/checks.ts';
import type { FindingCollector } from '../model/findings.ts';
import type { Ledger } from '../model/ledger.ts';
import type { CommandContext } from '../model/progress.ts';
import type { VerifyReport } from '../model/reports/verify.ts';
import type { Row } from '../model/values.ts';
import type { AppliedMapping } from './apply-mapping.ts';

/** Looks at the rows that would be loaded. */
interface LoadedRowWatcher {
  readonly look: (row: Row, values: ConvertedRow, line: number) => void;
  /** Takes rows many at once, where nothing needs each of them by itself. */
  readonly loaded?: LoadedRows;
  /** Sees every row of the table, loaded or not, before all else does. */
  readonly pass?: (rows: ScannedRows) => void;
}

export interface RowsToVerify<Plan extends TablePlan<PlannedTable>> {
  readonly artifact: Artifact;
  /** Where rows go; a table without a plan is checked by itself. */
  readonly plans: readonly Plan[];
  readonly mapping: AppliedMapping | null;
  readonly lostRows: LostRows;
  readonly findings: FindingCollector;
  readonly ledger: Ledger;
  readonly watch?: (plan: Plan) => LoadedRowWatcher;
  /** Learn of each column what import can decide by. */
  readonly learnsFacts?: boolean;
  /** All of it is checked when absent. */
  readonly depth?: CheckDepth;
}

/** Checks an artifact and tries its rows on the plans, in one pass over its files. */
export async function verifyRows<Plan extends TablePlan<PlannedTable>>(
  options: RowsToVerify<Plan>,
  context: CommandContext,
): Promise<CheckedTable[]> {
  const { artifact, plans, mapping, lostRows, findings, ledger } = options;
  await lostRows.prepare(rowsAhead(artifact, context));
  const learned = new Map<string, TableFacts>();
  const watch = (table: ManifestTable): RowWatcher | undefined => {
    if (mapping?.tables.get(table.name)?.skip !== undefined) return NOT_LOADED;
    const plan = plans.find((candidate) => candidate.source.name === table.name);
    if (plan === undefined && options.learnsFacts === true) {
      const facts = new TableFacts(table);
      learned.set(table.name, facts);
      return { look: () => undefined, lookAll: (rows) => facts.look(rows) };
    }
    if (plan === undefined) return undefined;
    const judge = rowJudge({ plan, findings, ledger, lostRows });
    const watched = options.watch?.(plan);
    const look = (row: Row, place: RowPlace): ConvertedRow | null => {
      const values = judge.look(row, place);
      if (values !== null) watched?.look(row, values, place.line ?? 0);
      return values;
    };
    const loaded = watched?.loaded;
    return {
      ...(watched?.pass === undefined ? {} : { pass: watched.pass }),
      look,
      needsParent: judge.needsParent,
      ...(judge.isByValue && loaded !== undefined ? scannedJudge(plan, judge, loaded, look) : {}),
    };
  };
  const checked = await checkArtifact(artifact, findings, context, watch, options.depth);
  return checked.map((table) => {
    const facts = learned.get(table.name);
    return facts === undefined ? table : { ...table, columns: facts.results() };
  });
}

/** What a report says of an artifact that was checked. */
export function describeChecked(
  artifact: Artifact,
  tables: CheckedTable[],
): Pick<
  VerifyReport,
  'artifact' | 'checks' | 'totalRows' | 'totalBytes' | 'foreignKeys' | 'tables' | 'dependencies'
> {
  return {
    artifact: { path: artifact.path, id: artifact.id },
    checks: CHECKS_VERSION,
    totalRows: tables.reduce((sum, table) => sum + table.rowCount, 0),
    totalBytes: tables.reduce((sum, table) => sum + table.sizeBytes, 0),
    foreignKeys: countForeignKeys(artifact),
    tables,
    dependencies: dependenciesOf(artifact.manifest.tables),
  };
}

/** The foreign keys that the artifact lets be checked. */
function countForeignKeys({ manifest }: Artifact): number {
  const names = new Set(manifest.tables.map((table) => table.name));
  return manifest.tables
    .flatMap((table) => table.foreignKeys)
    .filter((key) => key.parent === 'exists' && names.has(key.parentTable)).length;
}
