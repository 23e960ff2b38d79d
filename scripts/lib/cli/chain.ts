import type { Proof, ProvenTable } from '../model/proof.ts';
import type { VerifyReport } from '../model/reports/verify.ts';
import { shortDigest } from '../model/short-digest.ts';
import { formatColumns, formatPlural } from './format.ts';

/**
 * The chain from the source by way of the archive to the target, a table a line, where all three were
 * compared in full: on each side the SHA-256 that must be the same, and where the chain breaks.
 */
export function summarizeChain({ proof }: Pick<VerifyReport, 'proof'>): string[] {
  if (proof?.sourceComparedAt == null || proof.targetComparedAt === null) return [];
  const head = ['  table', 'source', 'archive', 'archive as target', 'target', ''];
  const broken = proof.tables.filter((table) => !isWhole(table)).length;
  return [
    'from the source to the target, by SHA-256:',
    ...formatColumns([head, ...proof.tables.map((table) => describeLink(table, proof))]),
    broken === 0
      ? `source = archive = target in ${formatPlural(proof.tables.length, 'table')}`
      : `source = archive = target does NOT hold in ${formatPlural(broken, 'table')} of ${proof.tables.length}`,
  ];
}

/** Whether nothing that was compared differs. */
export function isWhole({ source, target }: ProvenTable): boolean {
  return source?.isEqual !== false && target?.isEqual !== false;
}

function describeLink(table: ProvenTable, proof: Proof): string[] {
  const digests = [
    table.source?.sha256,
    table.archive,
    table.target?.archive,
    table.target?.target,
  ];
  return [`  ${table.table}`, ...digests.map(shorten), describeVerdict(table, proof)];
}

/** Where the chain of one table holds and where it breaks, in words. */
export function describeVerdict(table: ProvenTable, proof: Proof): string {
  const { source, target } = table;
  const breaks = [
    ...(source?.isEqual === false ? ['source ≠ archive'] : []),
    ...(target?.isEqual === false ? ['archive ≠ target'] : []),
  ];
  if (breaks.length > 0) return breaks.join(', ');
  if (proof.targetComparedAt !== null && target === null) {
    return source === null ? 'not loaded' : 'source = archive, not loaded';
  }
  if (source !== null && target !== null) return 'equal';
  if (source !== null) return 'source = archive';
  return target === null ? 'not compared' : 'archive = target';
}

function shorten(sha256: string | null | undefined): string {
  return sha256 == null ? '–' : shortDigest(sha256);
}
