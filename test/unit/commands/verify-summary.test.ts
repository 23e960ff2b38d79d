import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keepReport } from '../../../scripts/lib/artifact/kept-reports.ts';
import { summarizeReports } from '../../../scripts/lib/commands/verify-summary.ts';
import type { VerifySummaryReport } from '../../../scripts/lib/model/reports/verify.ts';
import { exportedArtifact, quietContext } from '../../support/artifact.ts';
import { sha256Of } from '../../support/tampering.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();
let artifacts = 0;

async function newArtifact(): Promise<{ path: string; id: string }> {
  artifacts += 1;
  const sql = 'CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1), (2);';
  const path = await exportedArtifact(folder, `a${artifacts}`, sql);
  return { path, id: sha256Of(join(path, 'manifest.json')) };
}

/** A report as a script would have written it. */
function reportOf(id: string, fields: object = {}): { startedAt: string } {
  const report = {
    command: 'verify',
    toolVersion: '1.0.0',
    startedAt: '2026-01-31T23:59:59.123Z',
    elapsedMs: 100,
    exitCode: 0,
    artifact: { path: 'elsewhere', id },
    totalRows: 2,
    totalBytes: 20,
    ...fields,
  };
  return report;
}

const summarize = async (path: string): Promise<Omit<VerifySummaryReport, 'command'>> =>
  (await summarizeReports(path, quietContext)) as VerifySummaryReport;

describe('the story of an artifact', () => {
  it('is what the manifest says where no report is kept', async () => {
    const { path, id } = await newArtifact();
    const { artifact, taken, events, estimate, findings } = await summarize(path);
    expect(artifact).toEqual({ path, id });
    expect(taken).toMatchObject({ fileName: `a${artifacts}.db`, tables: 1, totalRows: 2 });
    expect([events, estimate.expectedMs, findings]).toEqual([[], null, []]);
  });

  it('has each report in the order of the beginnings, whatever the order of the names', async () => {
    const { path, id } = await newArtifact();
    const first = { startedAt: '2026-01-31T23:59:59.100Z' };
    await keepReport(path, 'verify', reportOf(id));
    await keepReport(path, 'verify', reportOf(id, first));
    const { events } = await summarize(path);
    expect(events.map(({ file }) => file)).toEqual([
      '20260131T235959Z-verify-2.json',
      '20260131T235959Z-verify.json',
    ]);
  });

  it('says what stopped a script, and what it found in the way', async () => {
    const { path, id } = await newArtifact();
    const orphan = { code: 'orphan', severity: 'blocking', total: 3 };
    const epoch = { code: 'epoch-column', severity: 'info', total: 1 };
    const failure = { code: 'target-refused', kind: 'target', message: 'no' };
    const reports = [
      { exitCode: 3, findings: [orphan, epoch] },
      { exitCode: 12, failure },
      { exitCode: 12, error: failure, totalRows: undefined },
    ];
    for (const [index, fields] of reports.entries()) {
      const head = { command: 'import', startedAt: `2026-01-31T23:59:59.${index}00Z` };
      await keepReport(path, 'import', reportOf(id, { ...head, ...fields }));
    }
    const { events } = await summarize(path);
    expect(events).toMatchObject([
      { findings: [{ code: 'orphan', total: 3 }], error: null },
      { error: 'target-refused' },
      { error: 'target-refused', totalRows: null },
    ]);
  });

  it('takes reports of versions with fields that it does not know, and without later ones', async () => {
    const { path, id } = await newArtifact();
    await keepReport(path, 'verify', reportOf(id, { totalBytes: undefined, news: [{ a: 1 }] }));
    expect(await summarize(path)).toMatchObject({
      events: [{ stage: 'verify', totalBytes: null, peakMemoryBytes: null }],
      findings: [],
    });
  });
});

describe('a file among the reports that is none of them is named and passed over:', () => {
  const NAME = '20260131T235959Z-verify.json';
  const cases: readonly (readonly [what: string, name: string, text: (id: string) => string])[] = [
    ['a note of a person', 'notes.txt', () => 'hello'],
    ['no JSON', NAME, () => '{"command": "ver'],
    ['nothing', NAME, () => ''],
    ['other JSON', NAME, () => '[]'],
    ['a figure that cannot be', NAME, (id) => JSON.stringify(reportOf(id, { elapsedMs: -1 }))],
    [
      'an order to the terminal',
      NAME,
      (id) => JSON.stringify(reportOf(id, { source: '\u001B[2J' })),
    ],
    [
      'a report of another script',
      NAME,
      (id) => JSON.stringify(reportOf(id, { command: 'import' })),
    ],
    [
      'a report of another time',
      NAME,
      (id) => JSON.stringify(reportOf(id, { startedAt: '2026-02-01T00:00:00.000Z' })),
    ],
  ];

  it.each(cases)('%s', async (_, name, text) => {
    const { path, id } = await newArtifact();
    mkdirSync(join(path, 'reports'));
    writeFileSync(join(path, 'reports', name), text(id));
    const { events, findings } = await summarize(path);
    expect(events).toEqual([]);
    expect(findings).toMatchObject([
      { code: 'report-unreadable', severity: 'warning', where: { file: name }, total: 1 },
    ]);
    expect(JSON.stringify(findings)).not.toContain('\\u001b');
  });

  it('a report of another artifact', async () => {
    const [one, other] = [await newArtifact(), await newArtifact()];
    const otherId = '0'.repeat(64);
    expect(other.id).not.toBe(otherId);
    await keepReport(one.path, 'verify', reportOf(otherId));
    const { events, findings } = await summarize(one.path);
    expect(events).toEqual([]);
    expect(findings).toMatchObject([{ code: 'report-of-another-artifact', severity: 'warning' }]);
  });

  it('a file in the place of the folder', async () => {
    const { path } = await newArtifact();
    writeFileSync(join(path, 'reports'), '');
    const { findings } = await summarize(path);
    expect(findings).toMatchObject([{ code: 'report-unreadable', where: { file: 'reports' } }]);
  });
});
