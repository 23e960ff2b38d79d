import { verifyArtifact } from '../../commands/verify.ts';
import type { VerifyReport } from '../../model/report.ts';
import { exitCodeOfFindings } from '../exit-codes.ts';
import { formatBytes, formatDuration, formatPlural } from '../format.ts';
import type { Script } from '../run.ts';

const flags = {} as const;

/** `verify ARTIFACT` */
export const verifyScript: Script<typeof flags, VerifyReport> = {
  commandLine: {
    name: 'verify',
    summary:
      'Checks an artifact without any database: format, files, sizes, SHA-256, row counts, the form of every line, primary keys, foreign keys.',
    argument: { name: 'artifact', description: 'the folder that export wrote' },
    flags,
    examples: ['npx tsx scripts/verify.ts exports/shop-20260131T235959Z'],
  },
  run: (invocation, context) => verifyArtifact({ artifact: invocation.argument }, context),
  exitCode: exitCodeOfFindings,
  summarize: (report) => {
    const verdict = report.exitCode === 0 ? 'sound' : 'NOT sound';
    const size = `${formatPlural(report.tables.length, 'table')}, ${formatPlural(report.totalRows, 'row')}, ${formatBytes(report.totalBytes)}`;
    return [
      `${report.artifact.path} is ${verdict}: ${size}, ${formatPlural(report.foreignKeys, 'foreign key')} checked, in ${formatDuration(report.elapsedMs)}`,
      `artifact id ${report.artifact.id}`,
    ];
  },
  whenInterrupted: 'nothing was checked to its end, nothing was written',
};
