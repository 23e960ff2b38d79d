import { performance } from 'node:perf_hooks';

import type { Artifact } from '../artifact/reader.ts';
import { requireUndamaged } from '../check/undamaged.ts';
import { archiveSide } from '../compare/archives/archive-side.ts';
import { compareSides } from '../compare/archives/compare-sides.ts';
import type { CompareOptions } from '../compare/archives/compare-table.ts';
import { AGAINST_BASELINE, reportDifferences } from '../compare/archives/findings.ts';
import type { FindingCollector } from '../model/findings.ts';
import type { VerifyReport } from '../model/reports/verify.ts';

/**
 * Compares a sound artifact with one that was taken before: what came since, what went and what
 * changed. The files of the baseline are checked first.
 *
 * @throws ToolkitError of kind `artifact` when the baseline is damaged or cannot be read
 */
export async function compareWithBaseline(
  artifact: Artifact,
  baseline: Artifact,
  findings: FindingCollector,
  options: CompareOptions,
): Promise<NonNullable<VerifyReport['baseline']>> {
  const startedAt = performance.now();
  options.context.progress.note(`checking the baseline ${baseline.path}`);
  await requireUndamaged(baseline, options.context);
  const comparison = await compareSides(
    await archiveSide(baseline),
    await archiveSide(artifact),
    options,
  );
  reportDifferences(comparison, AGAINST_BASELINE, findings);
  return {
    artifact: { path: baseline.path, id: baseline.id },
    createdAt: baseline.manifest.createdAt,
    elapsedMs: Math.round(performance.now() - startedAt),
    ...comparison,
  };
}
