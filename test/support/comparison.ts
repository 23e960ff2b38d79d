import { exitCodeOfFindings } from '../../scripts/lib/cli/exit-codes.ts';
import {
  verifyTarget,
  type VerifyTargetOptions,
} from '../../scripts/lib/commands/verify-target.ts';
import type { LedgerEntry } from '../../scripts/lib/model/ledger.ts';
import type { Finding } from '../../scripts/lib/model/findings.ts';
import type { ComparedTable, TargetComparison } from '../../scripts/lib/model/target-comparison.ts';
import { quietContext } from './artifact.ts';

/** What a comparison with a target found. */
export interface ComparisonOutcome {
  readonly exitCode: number;
  readonly comparison: TargetComparison;
  readonly findings: readonly Finding[];
  readonly ledger: readonly LedgerEntry[];
  /** Each difference as a line: `items different id=2: name`, `items missing id=3`. */
  readonly differences: readonly string[];
  readonly table: (target: string) => ComparedTable;
}

/** Compares an artifact with a target, without a process of its own. */
export async function compareInProcess(
  artifact: string,
  target: string,
  options: Partial<VerifyTargetOptions> = {},
): Promise<ComparisonOutcome> {
  const given = { artifact, target, showValues: false, env: {}, ...options };
  const report = await verifyTarget(given, quietContext);
  const { comparison, findings, ledger } = report;
  if (comparison === null) throw new Error('Nothing was compared.');
  return {
    exitCode: exitCodeOfFindings(report),
    comparison,
    findings,
    ledger,
    differences: comparison.tables.flatMap((table) =>
      table.differences.map(({ kind, rowKey, columns }) => {
        const names = columns.map(({ column }) => column).join(', ');
        return `${table.target} ${kind} ${rowKey ?? 'a row'}${names === '' ? '' : `: ${names}`}`;
      }),
    ),
    table: (name) => {
      const found = comparison.tables.find(({ target: table }) => table === name);
      if (found === undefined) throw new Error(`The table ${name} was not compared.`);
      return found;
    },
  };
}
