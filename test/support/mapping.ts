import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ManifestTable } from '../../scripts/lib/artifact/manifest.ts';
import type { Mapping } from '../../scripts/lib/mapping/file/read.ts';
import { mappingFileSchema, type MappingFile } from '../../scripts/lib/mapping/file/schema.ts';
import { planTables } from '../../scripts/lib/mapping/plan-tables.ts';
import type { IntegerRange, PlanOptions, TablePlan } from '../../scripts/lib/mapping/plan.ts';
import { resolveMapping } from '../../scripts/lib/mapping/resolve.ts';
import { ToolkitError } from '../../scripts/lib/model/errors.ts';
import { FindingCollector, type Finding } from '../../scripts/lib/model/findings.ts';
import type { TargetTable } from '../../scripts/lib/model/target-catalog.ts';
import { targetCatalog } from './catalogs.ts';

/** A mapping with these tables, as if it had been read from a file. */
export function mappingOf(tables: MappingFile['tables'], more: Partial<MappingFile> = {}): Mapping {
  const content = mappingFileSchema.parse({ version: 1, tables, ...more });
  return { file: 'mapping.json', sha256: '', content, lineOf: () => undefined };
}

let files = 0;

/** Writes a mapping as a JSON file and returns its path. */
export function mappingFile(
  folder: string,
  tables: MappingFile['tables'],
  more: Partial<MappingFile> = {},
): string {
  files += 1;
  const file = join(folder, `mapping-${files}.json`);
  writeFileSync(file, JSON.stringify({ version: 1, tables, ...more }, null, 2));
  return file;
}

export interface PlanningOptions {
  readonly mapping?: Mapping | undefined;
  readonly madeByPrisma?: boolean;
  readonly ranges?: ReadonlyMap<string, IntegerRange>;
}

/** Plans these tables of a source for these of a target. */
export function planned(
  source: readonly ManifestTable[],
  target: readonly TargetTable[],
  { mapping, madeByPrisma = false, ranges = new Map() }: PlanningOptions = {},
): { readonly plans: TablePlan[]; readonly findings: Finding[] } {
  const findings = new FindingCollector();
  const options: PlanOptions<ManifestTable>['source'] = {
    madeByPrisma,
    encoding: 'UTF-8',
    tables: source,
  };
  const plans = planTables({
    source: options,
    target: targetCatalog(target),
    mapping:
      mapping === undefined ? null : { file: mapping, tables: resolveMapping(mapping, options) },
    ranges,
    findings,
  });
  return { plans, findings: findings.list() };
}

/** The faults that a refused mapping is refused for, a line for each: `place: what is wrong`. */
export function faultsOf(refused: () => unknown): string[] {
  try {
    refused();
  } catch (error) {
    if (error instanceof ToolkitError && error.code === 'mapping-invalid') return faultLines(error);
    throw error;
  }
  return [];
}

/** What a refusal says, a line for each fault. */
export function faultLines({ message }: ToolkitError): string[] {
  return message
    .replace(/^the mapping cannot be used(?:: |\n)/, '')
    .split('\n')
    .map((line) => line.replace(/^ {2}- /, ''));
}
