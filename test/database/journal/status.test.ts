import { describe, expect, it } from 'vitest';
import { importStatusReportSchema } from '../../../scripts/lib/model/reports/import.ts';
import { catalogState } from '../../support/catalog-state.ts';
import { forgetInProcess, runsOf, statusInProcess } from '../../support/journal.ts';
import { runScript } from '../../support/run-script.ts';
import { temporaryFolder } from '../../support/temp.ts';
import { cutWhenItWaits, WAIT_FUNCTION, whileItWaits } from '../../support/waiting-session.ts';
import { countRows, createCompany, createStoppedCompany } from './company.ts';

const folder = temporaryFolder();
const WAITS = `${WAIT_FUNCTION} CREATE INDEX waits ON badge (wait(id));`;

describe('import --status', () => {
  it('says that nothing has been imported, and writes nothing', async () => {
    const { database, url } = await createCompany(folder);
    const before = await catalogState(database);
    const { exitCode, stderr } = await runScript('import', ['--status', '--target', url]);
    expect({ exitCode, said: stderr.split(' into ')[0] }).toEqual({
      exitCode: 0,
      said: 'no import has been run',
    });
    expect(await statusInProcess(url)).toMatchObject({ exitCode: 0, report: { runs: [] } });
    expect(await catalogState(database)).toEqual(before);
  });

  it('shows a run that loads: what is done, what is being copied, what is left', async () => {
    const scenario = await createCompany(folder, { target: WAITS });
    let shown: unknown;
    await whileItWaits(
      scenario.database,
      () => scenario.import(),
      async () => void (shown = (await statusInProcess(scenario.url)).report),
    );
    expect(shown).toMatchObject({
      sessions: [{ schema: 'public', application: 'sqlite-migration import' }],
      runs: [
        {
          state: 'running',
          progress: { tablesDone: 2, rowsExpected: 7, rowsPerSecond: expect.any(Number) },
          tables: [{ state: 'done' }, { state: 'done' }, { target: 'badge', state: 'loading' }],
        },
      ],
    });
  });

  it('shows what stopped a run, table by table, and what to do next', async () => {
    const { url } = await createStoppedCompany(folder);
    const [run] = await runsOf(url);
    expect(run).toMatchObject({ state: 'stopped', attempts: 1, progress: null });
    expect(run?.tables.at(-1)).toMatchObject({
      target: 'badge',
      state: 'pending',
      error: { code: 'row-rejected' },
    });
    const { exitCode, stderr } = await runScript('import', ['--status', '--target', url]);
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/^run \S+ into .* stopped$/m);
    expect(stderr).toMatch(/badge +0 +of 2 +rows .*pending .*row-rejected/);
    expect(stderr).toMatch(/2 of 3 tables done/);
    expect(stderr).toContain(`--rollback ${run?.runId}`);
  });

  it('shows a connection that was cut', async () => {
    const scenario = await createCompany(folder, { target: WAITS });
    await cutWhenItWaits(scenario.database, () => scenario.import());
    expect(await runsOf(scenario.url)).toMatchObject([
      {
        state: 'stopped',
        error: { code: 'target-refused' },
        tables: [{ state: 'done' }, { state: 'done' }, {}],
      },
    ]);
  });

  it('prints one report with --json, in the form that is documented', async () => {
    const { url } = await createStoppedCompany(folder);
    const { exitCode, json, stderr } = await runScript('import', [
      '--status',
      '--target',
      url,
      '--json',
      '--quiet',
    ]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const report = importStatusReportSchema.parse(json());
    expect(report).toMatchObject({
      command: 'import',
      action: 'status',
      runs: [{ state: 'stopped' }],
    });
  });
});

describe('import --forget', () => {
  it('removes the journal and leaves the tables', async () => {
    const scenario = await createCompany(folder);
    await scenario.import();
    expect(await forgetInProcess(scenario.url)).toMatchObject({
      exitCode: 0,
      report: { action: 'forget', runs: [{ state: 'done' }] },
    });
    expect(await countRows(scenario)).toEqual([2, 3, 2]);
    expect(await scenario.rows("SELECT to_regnamespace('sqlite_migration') AS schema")).toEqual([
      { schema: null },
    ]);
    expect(await forgetInProcess(scenario.url)).toMatchObject({
      exitCode: 0,
      report: { runs: [] },
    });
  });

  it('removes a journal of another version, which it cannot read', async () => {
    const scenario = await createCompany(folder);
    await scenario.import();
    await scenario.rows(
      'UPDATE sqlite_migration.journal SET version = 2; DROP TABLE sqlite_migration.tables',
    );
    expect(await forgetInProcess(scenario.url)).toMatchObject({ exitCode: 0 });
    expect(await runsOf(scenario.url)).toEqual([]);
  });

  it('is refused while an import is running', async () => {
    const scenario = await createCompany(folder, { target: WAITS });
    const refusals: unknown[] = [];
    const outcome = await whileItWaits(
      scenario.database,
      () => scenario.import(),
      async () => void refusals.push(await forgetInProcess(scenario.url)),
    );
    expect(refusals).toMatchObject([{ exitCode: 12, error: { code: 'import-running' } }]);
    expect(outcome).toMatchObject({ exitCode: 0 });
  });
});
