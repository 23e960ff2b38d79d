import type { VerifyTogetherReport } from '../model/reports/verify.ts';
import { formatBytes, formatDuration, formatPlural } from './format.ts';
import { describeLedger } from './ledger.ts';

/** What there is to say of several artifacts, beside the findings. */
export function summarizeTogether(report: VerifyTogetherReport): string[] {
  const { artifacts, references, findings } = report;
  const lines = artifacts.flatMap(({ artifact, ledger, tables, totalRows, totalBytes }) => [
    `${artifact.path}: ${formatPlural(tables.length, 'table')}, ${formatPlural(totalRows, 'row')}, ${formatBytes(totalBytes)}, id ${artifact.id}`,
    ...describeLedger(ledger, false),
  ]);
  const checked = references.filter(({ broughtBy }) => broughtBy.length > 0);
  const between =
    checked.length === references.length
      ? formatPlural(references.length, 'reference')
      : `${checked.length} of ${formatPlural(references.length, 'reference')}`;
  const isSound = findings.every(({ severity }) => severity !== 'blocking');
  return [
    ...lines,
    `${formatPlural(artifacts.length, 'artifact')} ${isSound ? 'are sound' : 'are NOT sound'} together: ${formatPlural(report.totalRows, 'row')}, ${formatBytes(report.totalBytes)}, ${between} between them checked, in ${formatDuration(report.elapsedMs)}`,
  ];
}
