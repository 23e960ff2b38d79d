import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { projectPath } from '../../scripts/lib/docs/documents.ts';
import { followRuns } from '../../scripts/lib/events/read-events.ts';
import { outcomeOf, type RunState } from '../../scripts/lib/events/run-state.ts';
import {
  progressEventSchema,
  type ProgressEvent,
} from '../../scripts/lib/model/progress-events.ts';
import { importReportSchema } from '../../scripts/lib/model/reports/import.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { exportArtifact } from '../support/in-process.ts';
import { labelsOf, sampleLines, sampleValue } from '../support/metrics.ts';
import { runScript, startScript, type ScriptName } from '../support/run-script.ts';
import { createSource } from '../support/source-file.ts';
import { temporaryFolder } from '../support/temp.ts';
import { WAIT_FUNCTION, whileItWaits } from '../support/waiting-session.ts';

const folder = temporaryFolder();
const source = join(folder, 'source.db');
const artifact = join(folder, 'artifact');
const brokenArtifact = join(folder, 'broken');
let template: TestDatabase;

beforeAll(async () => {
  const tables = `CREATE TABLE parent (id INTEGER PRIMARY KEY);
     CREATE TABLE child (id INTEGER PRIMARY KEY, up INTEGER REFERENCES parent);`;
  createSource(
    source,
    `${tables} INSERT INTO parent VALUES (1), (2); INSERT INTO child VALUES (1, 1);`,
  );
  await exportArtifact(source, artifact);
  const broken = createSource(
    join(folder, 'broken.db'),
    `${tables} INSERT INTO child VALUES (5, 9), (6, 9);`,
  );
  await exportArtifact(broken, brokenArtifact);
  template = await createTestDatabase();
  await template.query(
    `${WAIT_FUNCTION} CREATE TABLE parent (id integer PRIMARY KEY);
     CREATE TABLE child (id integer PRIMARY KEY, up integer REFERENCES parent);`,
  );
});

let files = 0;

/** Two files of a test's own, and the flags that name them. */
function watched(): { progress: string; metrics: string; flags: string[] } {
  files += 1;
  const [progress, metrics] = [join(folder, `${files}.ndjson`), join(folder, `${files}.prom`)];
  return { progress, metrics, flags: ['--progress-file', progress, '--metrics-file', metrics] };
}

async function targetFlags(): Promise<string[]> {
  const { url } = await createTestDatabase({ template: template.name });
  return ['--target', url, '--skip-migration-check'];
}

/** Every line as an event; one that is none fails the test. */
function eventsIn(text: string): ProgressEvent[] {
  const lines = text.split('\n');
  expect(lines.pop()).toBe('');
  return lines.map((line) => progressEventSchema.parse(JSON.parse(line)));
}

async function runIn(file: string): Promise<RunState> {
  const [run] = await followRuns(readFileSync(file, 'utf8').split('\n'));
  if (run === undefined) throw new Error(`There is no run in ${file}.`);
  return run;
}

/** The four scripts, each with arguments that let it succeed. */
const SUCCEEDING: readonly (readonly [ScriptName, string, () => Promise<readonly string[]>])[] = [
  ['analyze', 'analyze', async () => ['--source', source]],
  ['export', 'export', async () => ['--source', source, '--out', join(folder, 'exported')]],
  ['verify', 'verify', async () => [artifact]],
  ['import', 'import', async () => [artifact, ...(await targetFlags())]],
];

describe.each(SUCCEEDING)('%s', (name, stage, args) => {
  it('says what it does in events alone on stderr, beside the report on stdout', async () => {
    const { progress, metrics, flags } = watched();
    const given = [...(await args()), '--progress', 'json', '--json', ...flags];
    const { exitCode, stderr, json } = await runScript(name, given);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(json()).toMatchObject({ command: name, exitCode: 0 });
    const events = eventsIn(stderr);
    expect(events[0]).toMatchObject({ type: 'start', command: name, stage });
    expect(events.at(-1)).toMatchObject({ type: 'done', exitCode: 0, outcome: 'succeeded' });
    expect(events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['phase', 'progress', 'log']),
    );
    expect(stderr).not.toMatch(/postgresql:\/\/\w+:(?!\*\*\*@)/);
    expect(readFileSync(progress, 'utf8')).toBe(stderr);
    const text = readFileSync(metrics, 'utf8');
    expect(sampleValue(text, 'sqlite_migration_running', { stage })).toBe(0);
    expect(sampleValue(text, 'sqlite_migration_tables', { state: 'failed' })).toBe(0);
  });
});

const nowhere = join(folder, 'nowhere');

describe.each([
  ['analyze', 10, ['--source', nowhere]],
  ['export', 10, ['--source', nowhere]],
  ['verify', 11, [nowhere]],
  ['import', 12, [artifact, '--target', 'postgresql://app:secret@127.0.0.1:1/none']],
  ['import', 2, [artifact, '--target', 'postgresql://127.0.0.1:1/none', '--append', '--truncate']],
  ['verify', 2, [artifact, '--schema', 'app']],
] as const)('%s that ends with %i', (name, exitCode, args) => {
  it('has a last event and metrics that say so', async () => {
    const { progress, metrics, flags } = watched();
    const result = await runScript(name, [...args, ...flags]);
    expect(result.exitCode).toBe(exitCode);
    const text = readFileSync(progress, 'utf8');
    expect(text).not.toContain('secret');
    const events = eventsIn(text);
    expect(events.at(-1)).toMatchObject({
      type: 'done',
      exitCode,
      outcome: 'failed',
      totals: null,
      error: { message: expect.any(String) },
    });
    const written = readFileSync(metrics, 'utf8');
    expect(sampleValue(written, 'sqlite_migration_exit_code')).toBe(exitCode);
    expect(sampleValue(written, 'sqlite_migration_outcome', { outcome: 'failed' })).toBe(1);
  });
});

describe('what is asked of the journal', () => {
  it('is no import, so that a status is not taken for a success of one', async () => {
    const { progress, flags } = watched();
    const [, url = ''] = await targetFlags();
    await runScript('import', ['--status', '--target', url, ...flags]);
    expect(await runIn(progress)).toMatchObject({ stage: 'import-status' });
  });
});

describe('an import that finds something', () => {
  it('has an event for each finding of its report, and exact numbers in the metrics', async () => {
    const { progress, metrics, flags } = watched();
    const args = [brokenArtifact, ...(await targetFlags()), '--json', ...flags];
    const { exitCode, json } = await runScript('import', args);
    expect(exitCode).toBe(3);
    const { findings } = importReportSchema.strict().parse(json());
    const events = eventsIn(readFileSync(progress, 'utf8'));
    const found = events.filter((event) => event.type === 'finding');
    expect(found).toMatchObject(
      findings.map(({ code, severity, where, total }) => ({ code, severity, where, total })),
    );
    expect(events.at(-1)).toMatchObject({ exitCode: 3, outcome: 'findings' });
    const labels = { severity: 'blocking', code: 'orphan' };
    const text = readFileSync(metrics, 'utf8');
    expect(sampleValue(text, 'sqlite_migration_findings', labels)).toBe(2);
  });
});

/** Starts an import of which the second table waits, and ends it there with a signal. */
async function endWhileItWaits(
  signal: NodeJS.Signals,
): Promise<{ progress: string; metrics: string; exitCode: number | null }> {
  const { progress, metrics, flags } = watched();
  const database = await createTestDatabase({ template: template.name });
  await database.query('CREATE INDEX ON child (wait(id))');
  const target = ['--target', database.url, '--skip-migration-check', '--jobs', '1'];
  const running = startScript('import', [artifact, ...target, ...flags]);
  const { exitCode } = await whileItWaits(
    database,
    async () => running.finished,
    async () => {
      running.kill(signal);
      await running.finished;
    },
  );
  return { progress, metrics, exitCode };
}

describe('an import that ends while a table loads', () => {
  it('by SIGKILL has no last event, and metrics whose heartbeat grows old', async () => {
    const { progress, metrics } = await endWhileItWaits('SIGKILL');
    const run = await runIn(progress);
    expect(outcomeOf(run)).toBe('running');
    expect(run.journalRunId).toMatch(/^\d{8}T\d{6}Z-/);
    expect([...run.tables].map(([table, { state }]) => [table, state])).toEqual([
      ['parent', 'done'],
      ['child', 'running'],
    ]);
    const text = readFileSync(metrics, 'utf8');
    expect(sampleValue(text, 'sqlite_migration_running')).toBe(1);
    expect(sampleValue(text, 'sqlite_migration_outcome', { outcome: 'succeeded' })).toBe(0);
    expect(text).not.toContain('sqlite_migration_exit_code{');
    expect(text).not.toContain('sqlite_migration_last_success_timestamp_seconds{');
    const heartbeat = sampleValue(text, 'sqlite_migration_heartbeat_timestamp_seconds');
    expect(heartbeat * 1000).toBeLessThanOrEqual(Date.parse(run.heartbeatAt));
  });

  it('by Ctrl-C says so, and which table failed', async () => {
    const { progress, metrics, exitCode } = await endWhileItWaits('SIGINT');
    expect(exitCode).toBe(130);
    const run = await runIn(progress);
    expect(run.done).toMatchObject({ exitCode: 130, outcome: 'interrupted' });
    expect(run.done?.reportFile).toContain(join(artifact, 'reports'));
    expect(existsSync(run.done?.reportFile ?? '')).toBe(true);
    const text = readFileSync(metrics, 'utf8');
    const failed = { table: 'child', state: 'failed' };
    expect(sampleValue(text, 'sqlite_migration_table_state', failed)).toBe(1);
    expect(sampleValue(text, 'sqlite_migration_outcome', { outcome: 'interrupted' })).toBe(1);
  });
});

it('a reader that has gone does not end an import', async () => {
  const { progress, flags } = watched();
  const args = [artifact, ...(await targetFlags()), '--progress', 'json', ...flags];
  const { exitCode } = await runScript('import', args, { isUnread: true });
  expect(exitCode).toBe(0);
  expect((await runIn(progress)).done).toMatchObject({ outcome: 'succeeded' });
});

describe('a file that cannot be written', () => {
  const taken = join(folder, 'taken');

  it.each([
    ['--metrics-file', join(nowhere, 'app.prom')],
    ['--progress-file', taken],
    ['--metrics-file', source],
  ])('as %s %s is refused before anything begins', async (flag, file) => {
    mkdirSync(taken, { recursive: true });
    const before = readFileSync(source);
    const out = join(folder, 'not-exported');
    const args = ['--source', source, '--out', out, flag, file, '--json'];
    const { exitCode, stderr, json } = await runScript('export', args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`${flag} cannot be written`);
    expect(json()).toMatchObject({ error: { code: 'output-file-unusable', where: { file } } });
    expect(existsSync(out)).toBe(false);
    expect(readFileSync(source).equals(before)).toBe(true);
    expect(readdirSync(taken)).toEqual([]);
  });
});

describe('the alert rules and the dashboard', () => {
  /** What every scrape adds to a sample. */
  const ADDED = ['instance', 'job'];
  let text = '';

  beforeAll(async () => {
    const { metrics, flags } = watched();
    await runScript('import', [artifact, ...(await targetFlags()), ...flags]);
    const { metrics: second, flags: again } = watched();
    writeFileSync(second, readFileSync(metrics));
    await runScript('import', [brokenArtifact, ...(await targetFlags()), ...again]);
    text = readFileSync(second, 'utf8');
  });

  it.each(['alert-rules.yml', 'grafana-dashboard.json'])(
    '%s name metrics and labels that a run has written',
    (file) => {
      const written = new Map<string, Set<string>>();
      for (const line of sampleLines(text)) {
        const name = /^\w+/.exec(line)?.[0] ?? '';
        const labels = written.get(name) ?? new Set(ADDED);
        for (const label of Object.keys(labelsOf(line))) labels.add(label);
        written.set(name, labels);
      }
      const rules = readFileSync(projectPath(`docs/monitoring/${file}`), 'utf8');
      const plain = rules.replaceAll('\\"', '"');
      const named = [...plain.matchAll(/\bsqlite_migration_\w+/g)].map(([name]) => name);
      expect(new Set(named).size).toBeGreaterThan(4);
      expect(named.filter((name) => !written.has(name))).toEqual([]);
      const all = new Set([...written.values()].flatMap((labels) => [...labels]));
      expect(labelsNamedIn(plain).filter((label) => !all.has(label))).toEqual([]);
      const selected = [...plain.matchAll(/\b(sqlite_migration_\w+)\{([^}]*)\}/g)];
      for (const [, name = '', selector = ''] of selected) {
        for (const [, label = ''] of selector.matchAll(/(\w+)\s*(?:=~|!=|=)/g)) {
          expect([...(written.get(name) ?? [])], `${name}{${label}}`).toContain(label);
        }
      }
    },
  );
});

/** Labels after `by` and `on`, in legends, in annotations and in the dashboard's variables. */
function labelsNamedIn(text: string): string[] {
  const lists = [...text.matchAll(/\b(?:by|on) \(([^)]*)\)/g)].flatMap(([, list = '']) =>
    list.split(',').map((label) => label.trim()),
  );
  const single = [
    ...text.matchAll(/\{\{(\w+)\}\}|\$labels\.(\w+)|label_values\(\w+, (\w+)\)/g),
  ].map(([, legend, annotation, variable]) => legend ?? annotation ?? variable ?? '');
  expect(lists.length + single.length).toBeGreaterThan(3);
  return [...lists, ...single];
}
