import { verifyArtifact } from '../../commands/verify.ts';
import type { VerifyReport } from '../../model/report.ts';
import { exitCodeOfFindings } from '../exit-codes.ts';
import { formatBytes, formatDuration, formatPlural } from '../format.ts';
import { mappingFlag } from '../flags.ts';
import { describeLedger } from '../ledger.ts';
import type { Script } from '../run.ts';

const flags = { mapping: mappingFlag } as const;

/** `verify ARTIFACT` */
export const verifyScript: Script<typeof flags, VerifyReport> = {
  commandLine: {
    name: 'verify',
    summary:
      'Checks an artifact without any database: format, files, sizes, SHA-256, row counts, the form of every line, primary keys, foreign keys; with a mapping, what that would leave out and cannot convert.',
    argument: { name: 'artifact', description: 'the folder or the single file that export wrote' },
    flags,
    examples: [
      'npx tsx scripts/verify.ts exports/shop-20260131T235959Z',
      'npx tsx scripts/verify.ts exports/shop-20260131T235959Z --mapping mapping.json',
    ],
  },
  run: (invocation, context) =>
    verifyArtifact({ artifact: invocation.argument, mapping: invocation.flags.mapping }, context),
  exitCode: exitCodeOfFindings,
  summarize: (report) => {
    const size = `${formatPlural(report.tables.length, 'table')}, ${formatPlural(report.totalRows, 'row')}, ${formatBytes(report.totalBytes)}`;
    return [
      ...describeLedger(report.ledger, false),
      `${report.artifact.path} is ${verdict(report)}: ${size}, ${formatPlural(report.foreignKeys, 'foreign key')} checked, in ${formatDuration(report.elapsedMs)}`,
      `artifact id ${report.artifact.id}`,
    ];
  },
  whenInterrupted: 'nothing was checked to its end, nothing was written',
};

function verdict({ exitCode, findings }: VerifyReport): string {
  if (exitCode === 0) return 'sound';
  const isOfArtifact = findings.some(
    ({ severity, code }) => severity === 'blocking' && !isOfMapping(code),
  );
  return isOfArtifact ? 'NOT sound' : 'sound, but the mapping does not fit it';
}

/** Without a target, it takes a mapping for a value or a parent to be missed. */
function isOfMapping(code: string): boolean {
  return code === 'parent-left-out' || code.startsWith('value-');
}
