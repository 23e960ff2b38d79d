import { join } from 'node:path';
import { analyzeSource } from '../../scripts/lib/commands/analyze.ts';
import { exportSource } from '../../scripts/lib/commands/export.ts';
import { withStory } from '../../scripts/lib/commands/verify-summary.ts';
import { verifyArtifact } from '../../scripts/lib/commands/verify.ts';
import type { ReportEnvelope } from '../../scripts/lib/model/reports/parts.ts';
import type { AnalyzeReport } from '../../scripts/lib/model/reports/analyze.ts';
import type { VerifyReport } from '../../scripts/lib/model/reports/verify.ts';
import { quoteIdentifier } from '../../scripts/lib/model/sql.ts';
import { quietContext } from './artifact.ts';
import { createSource } from './source-file.ts';

/** What the scripts add to the report of a command. */
export function envelope(command: string): Pick<AnalyzeReport, ReportEnvelope> {
  return {
    command,
    toolVersion: '1.2.3',
    startedAt: '2026-01-31T23:59:59.000Z',
    elapsedMs: 1234,
    exitCode: 0,
    peakMemoryBytes: 98_700_000,
  };
}

/** The reports of a source that this SQL makes. */
export async function reportsOf(
  folder: string,
  name: string,
  sql: string,
): Promise<{ readonly analyzed: AnalyzeReport; readonly verified: VerifyReport }> {
  const source = createSource(join(folder, `${name}.db`), sql);
  const analyzed = await analyzeSource({ source, samples: 0, env: {} }, quietContext);
  const out = join(folder, name);
  await exportSource({ source, out }, quietContext);
  const verified = await withStory(
    await verifyArtifact({ artifact: out }, quietContext),
    quietContext,
  );
  return {
    analyzed: { ...envelope('analyze'), ...analyzed },
    verified: { ...envelope('verify'), ...verified },
  };
}

/** Names that would break out of a page, steer it, or be too much for it. */
export const HOSTILE_NAMES: readonly string[] = [
  '</script><img src=x onerror="document.title=1">',
  `"' onmouseover='alert(1)' x="`,
  '<!-- ]]> &lt; &amp;',
  '\u202egnp.txe\u2066',
  'line\u2028break\ttab\u0001',
  `${'ä'.repeat(10_000)}<b>`,
  '${7*7}{{7*7}}',
];

/** SQL of tables with these names, each with a column that is named so too, referring to the one before. */
export function hostileTables(names: readonly string[] = HOSTILE_NAMES): string {
  return names
    .map((name, index) => {
      const parent = names[index - 1];
      const key = parent === undefined ? '' : ` REFERENCES ${quoteIdentifier(parent)} (id)`;
      return `CREATE TABLE ${quoteIdentifier(name)} (id INTEGER PRIMARY KEY, ${quoteIdentifier(`${name}.`)} INTEGER${key});
        INSERT INTO ${quoteIdentifier(name)} VALUES (1, 1), (2, NULL);`;
    })
    .join('\n');
}
