import { performance } from 'node:perf_hooks';

import type { Artifact } from '../artifact/reader.ts';
import { archiveSide } from '../compare/archives/archive-side.ts';
import { compareSides } from '../compare/archives/compare-sides.ts';
import type { CompareOptions } from '../compare/archives/compare-table.ts';
import { AGAINST_SOURCE, reportDifferences } from '../compare/archives/findings.ts';
import { sourceSide } from '../compare/archives/source-side.ts';
import type { FindingCollector } from '../model/findings.ts';
import type { VerifyReport } from '../model/reports/verify.ts';
import { openSource } from '../source/open.ts';
import { asSourceError } from '../source/source-error.ts';

/**
 * Compares a sound artifact with a SQLite database as it is now, read in one transaction as an export
 * reads it: what was added to the database, removed from it and changed since. Nothing is written to it.
 *
 * @throws ToolkitError of kind `source` when the database cannot be read
 */
export async function compareWithSource(
  artifact: Artifact,
  path: string,
  findings: FindingCollector,
  options: CompareOptions,
): Promise<NonNullable<VerifyReport['againstSource']>> {
  const startedAt = performance.now();
  const before = await archiveSide(artifact);
  const source = openSource(path);
  try {
    const comparison = await compareSides(before, sourceSide(source), options);
    reportDifferences(comparison, AGAINST_SOURCE, findings);
    const elapsedMs = Math.round(performance.now() - startedAt);
    return { source: path, elapsedMs, ...comparison };
  } catch (error) {
    throw asSourceError(error, path);
  } finally {
    source.close();
  }
}
