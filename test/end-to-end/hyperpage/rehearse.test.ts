import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  rehearseReportSchema,
  type RehearseReport,
} from '../../../scripts/lib/model/reports/rehearse.ts';
import { runScript, type ScriptResult } from '../../support/run-script.ts';
import { createSource } from '../../support/source-file.ts';
import { temporaryFolder } from '../../support/temp.ts';

const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));
const EXAMPLE = 'examples/hyperpage';

const source = join(temporaryFolder(), 'hyperpage.db');

async function rehearse(mapping: string): Promise<ScriptResult> {
  const project = ['--prisma-schema', `${EXAMPLE}/schema.prisma`];
  const args = ['--source', source, ...project, '--mapping', mapping, '--json'];
  return runScript('rehearse', args, { cwd: PROJECT });
}

beforeAll(() => {
  createSource(source, readFileSync(join(PROJECT, EXAMPLE, 'source.sql'), 'utf8'));
});

describe('a rehearsal with a mapping', () => {
  let result: ScriptResult;
  let report: RehearseReport;

  beforeAll(async () => {
    result = await rehearse(`${EXAMPLE}/mapping.json`);
    report = rehearseReportSchema.parse(result.json());
  });
  afterAll(() => {
    if (report.artifact !== null) {
      rmSync(join(PROJECT, report.artifact), { recursive: true, force: true });
    }
  });

  it('goes through', () => {
    expect(result.stderr).toContain('the rehearsal went through');
    expect(result.exitCode).toBe(0);
  });

  it('gives the mapping to analyze, verify and import, and to nothing else', () => {
    const given = report.steps.map(({ command }) => [
      /scripts\/(\w+)\.ts/.exec(command)?.[1] ?? 'prisma',
      command.includes(`--mapping ${EXAMPLE}/mapping.json`),
    ]);
    expect(given).toEqual([
      ['prisma', false],
      ['prisma', false],
      ['analyze', true],
      ['export', false],
      ['verify', true],
      ['import', true],
      ['verify', true],
    ]);
    expect(report.steps.at(-1)?.command).toMatch(/^PGPASSWORD=\*\*\* .* --target postgresql:/);
  });
});

it('refuses a mapping that is not there before it starts a server', async () => {
  const { exitCode, stderr } = await rehearse('no-such-mapping.json');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('the mapping cannot be read: there is no such file');
  expect(stderr).not.toContain('PostgreSQL');
});
