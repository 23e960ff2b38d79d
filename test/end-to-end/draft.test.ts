import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyzeReportSchema } from '../../scripts/lib/model/reports/analyze.ts';
import { rehearseReportSchema } from '../../scripts/lib/model/reports/rehearse.ts';
import { changeFile } from '../support/archive-comparison.ts';
import { runScript, type ScriptResult } from '../support/run-script.ts';
import { createSource } from '../support/source-file.ts';
import { temporaryFolder } from '../support/temp.ts';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const folder = temporaryFolder();
const source = join(folder, 'my shop.db');
const draft = join(folder, 'draft');
const schemaFile = join(draft, 'schema.prisma');

async function analyze(...more: readonly string[]): Promise<ScriptResult> {
  return runScript('analyze', ['--source', source, '--json', ...more]);
}

beforeAll(() => {
  createSource(
    source,
    `CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
     CREATE TABLE orders (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users, created_at INTEGER);
     INSERT INTO users VALUES (1, 'Ada'); INSERT INTO orders VALUES (1, 1, 1704067200)`,
  );
});

describe('analyze --draft', () => {
  it('writes a schema, a mapping and what to look at, and names the next commands', async () => {
    const { exitCode, stderr, json } = await analyze('--draft', draft);
    expect(exitCode).toBe(0);
    expect(stderr).toContain('draft: 2 models, 0 enums, 1 relation, into ');
    expect(stderr).toContain(`next: npx tsx scripts/analyze.ts --source '${source}' --draft`);
    const report = analyzeReportSchema.parse(json());
    expect(report.draft?.files).toEqual(
      ['schema.prisma', 'mapping.json', 'DRAFT.md'].map((path) => ({ path, state: 'written' })),
    );
    expect(report.draft?.migration).toBeNull();
    expect(readFileSync(join(draft, 'DRAFT.md'), 'utf8')).toContain(
      String.raw`**orders.created\_at**: taken for times by name and values, in seconds since 1970`,
    );
  });

  it('writes the first migration beside what is there already, and nothing twice', async () => {
    const { stderr, json } = await analyze('--draft', draft, '--migration');
    const { draft: report } = analyzeReportSchema.parse(json());
    expect(report?.migration).toMatch(/^\d{14}_init$/);
    expect(report?.files.map(({ state }) => state)).toEqual([
      'unchanged',
      'unchanged',
      'unchanged',
      'written',
      'written',
    ]);
    expect(stderr).toContain('next: npx prisma migrate deploy --schema ');
    const again = analyzeReportSchema.parse(
      (await analyze('--draft', draft, '--migration')).json(),
    );
    expect(again.draft?.files.every(({ state }) => state === 'unchanged')).toBe(true);
  });

  it('leaves an edited schema as it is, and says what the source has that it does not', async () => {
    appendFileSync(schemaFile, '\n// mine\n');
    changeFile(
      source,
      'ALTER TABLE users ADD COLUMN mail TEXT; CREATE TABLE tags (id INTEGER PRIMARY KEY)',
    );
    const before = readFileSync(schemaFile, 'utf8');
    const { exitCode, json } = await analyze('--draft', draft);
    expect(exitCode).toBe(0);
    const { findings, draft: report } = analyzeReportSchema.parse(json());
    const details = (code: string): unknown[] =>
      findings.filter((finding) => finding.code === code).flatMap(({ examples }) => examples);
    expect(details('draft-lacks')).toEqual([{ detail: 'tags' }, { detail: 'users.mail' }]);
    expect(details('draft-kept')).toContainEqual({ detail: schemaFile });
    expect(report?.files[0]).toEqual({ path: 'schema.prisma', state: 'kept' });
    expect(readFileSync(schemaFile, 'utf8')).toBe(before);
  });

  it('overwrites it with --force', async () => {
    const { json } = await analyze('--draft', draft, '--migration', '--force');
    const { findings, draft: report } = analyzeReportSchema.parse(json());
    expect(findings.filter(({ code }) => code.startsWith('draft-'))).toEqual([]);
    expect(report?.files.map(({ state }) => state).slice(0, 4)).toEqual([
      'written',
      'unchanged',
      'written',
      'written',
    ]);
    expect(readFileSync(schemaFile, 'utf8')).toContain('model Tag {');
  });

  it('writes no first migration before others, with --force neither', async () => {
    mkdirSync(join(draft, 'migrations', '20990101000000_more'));
    const { exitCode, stderr } = await analyze('--draft', draft, '--migration', '--force');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('the folder has migrations that no draft wrote');
  });

  it('names things in snake_case when it is told to, and the mapping says so', async () => {
    const file = createSource(
      join(folder, 'names.db'),
      'CREATE TABLE OrderLines (lineId INTEGER PRIMARY KEY, "unit price" REAL)',
    );
    const into = join(folder, 'names');
    await runScript('analyze', ['--source', file, '--draft', into, '--snake-case']);
    expect(readFileSync(join(into, 'schema.prisma'), 'utf8')).toContain('@@map("order_lines")');
    expect(JSON.parse(readFileSync(join(into, 'mapping.json'), 'utf8'))).toMatchObject({
      tables: {
        OrderLines: {
          target: 'order_lines',
          columns: { lineId: { target: 'line_id' }, 'unit price': { target: 'unit_price' } },
        },
      },
    });
  });

  it.each([
    ['--force', ['--force']],
    ['--migration', ['--migration']],
    ['--snake-case', ['--snake-case']],
    ['a target beside it', ['--draft', draft, '--target', 'postgresql://x/y']],
    ['a mapping beside it', ['--draft', draft, '--mapping', 'm.json']],
  ])('does not take %s without sense', async (_, args) => {
    const { exitCode, stderr } = await analyze(...args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--draft');
  });

  it('says when the folder cannot be written', async () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    const { exitCode, stderr } = await analyze('--draft', file);
    // Before the source is looked at.
    expect(stderr).not.toContain('orders');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('the draft cannot be written');
  });
});

describe('a rehearsal without a schema', () => {
  let result: ScriptResult;

  beforeAll(async () => {
    result = await runScript('rehearse', ['--source', source, '--json'], { cwd: PROJECT });
  });
  afterAll(() => {
    const { artifact } = rehearseReportSchema.parse(result.json());
    if (artifact !== null) rmSync(join(PROJECT, artifact), { recursive: true, force: true });
  });

  it('drafts one and goes through with it', () => {
    expect(result.stderr).toContain('the rehearsal went through');
    expect(result.exitCode).toBe(0);
    const { steps } = rehearseReportSchema.parse(result.json());
    expect(steps.map(({ command }) => /(?:scripts\/\w+|migrate \w+)/.exec(command)?.[0])).toEqual([
      'scripts/analyze',
      'migrate deploy',
      'migrate status',
      'scripts/export',
      'scripts/verify',
      'scripts/import',
      'scripts/verify',
    ]);
    expect(existsSync(join(PROJECT, 'exports/rehearsal/draft/DRAFT.md'))).toBe(true);
  });

  it('takes no mapping, for it drafts one', async () => {
    const args = ['--source', source, '--mapping', 'mapping.json'];
    const { exitCode, stderr } = await runScript('rehearse', args, { cwd: PROJECT });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--mapping goes with --prisma-schema');
  });
});
