import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { importReportSchema } from '../../../scripts/lib/model/reports/import.ts';
import type { TestDatabase } from '../../support/database.ts';
import { importInProcess } from '../../support/in-process.ts';
import { startScript, type RunningScript, type ScriptResult } from '../../support/run-script.ts';
import { temporaryFolder } from '../../support/temp.ts';
import { expectComplete, uninterrupted, type Contents } from './contents.ts';
import { chance, repetitions } from './random.ts';
import { createShop, type Shop, type ShopKind } from './shop.ts';
import { throughProxy } from './through-proxy.ts';

const folder = temporaryFolder();
const random = chance();
const TIMES = repetitions(2);
const WITH_MANY_TIMES = 3_600_000;
const POLL = { interval: 10, timeout: 60_000 };

let shop: Shop;
let contents: Contents;

beforeAll(async () => {
  shop = await createShop(folder, 3000);
  contents = await uninterrupted(shop);
});

const startImport = (url: string): RunningScript =>
  startScript('import', [
    shop.artifact,
    '--target',
    url,
    '--skip-migration-check',
    '--json',
    '--jobs',
    '2',
  ]);

/**
 * Interrupts an import at a request; what it says must be what is there, and the next one completes it.
 *
 * @returns how it ended
 */
async function interruptOnce(
  kind: ShopKind,
  signal: NodeJS.Signals,
  atRequest: number,
): Promise<number | null> {
  let running: RunningScript | undefined;
  let ended: number | null = null;
  const decide = ({ number }: { number: number }): 'forward' => {
    if (number === atRequest) running?.kill(signal);
    return 'forward';
  };
  await throughProxy(shop, kind, { decide }, async (target, url) => {
    running = startImport(url);
    const result = await running.finished;
    ended = result.exitCode;
    if (ended !== 0) await expectInterrupted(result, target.database);
    expect(await importInProcess(shop.artifact, url)).toMatchObject({ exitCode: 0 });
    await expectComplete(target, shop, { contents, kind });
  });
  return ended;
}

async function expectInterrupted(result: ScriptResult, { query }: TestDatabase): Promise<void> {
  const { exitCode, stderr } = result;
  expect({ exitCode, stderr }).toMatchObject({
    exitCode: 130,
    stderr: expect.stringMatching(
      /stopping… \(again to stop at once\)\n(?:.*\n)*error interrupted: (?:.*\n {2}next: run the same import again|nothing was written to the target)/,
    ),
  });
  const report = importReportSchema.safeParse(result.json());
  const said = report.data?.tables.filter(({ state }) => state === 'committed') ?? [];
  const hasJournal = await query(`SELECT FROM pg_namespace WHERE nspname = 'sqlite_migration'`);
  const done =
    hasJournal.length === 0
      ? []
      : await query<{ name: string }>(
          `SELECT target_table AS name FROM sqlite_migration.tables WHERE state = 'done'`,
        );
  expect(new Set(said.map(({ target }) => target))).toEqual(new Set(done.map(({ name }) => name)));
}

describe('an import that is interrupted', () => {
  it(
    `by Ctrl-C or SIGTERM at any request says what is committed, which is what is there (seed ${random.seed})`,
    async () => {
      for (let time = 0; time < TIMES; time++) {
        const importer = random.pick(['superuser', 'owner'] as const);
        const signal = random.pick(['SIGINT', 'SIGTERM'] as const);
        const atRequest = random.integer(20, 240);
        const ended = await interruptOnce({ importer, hasOldRows: false }, signal, atRequest);
        expect([0, 130]).toContain(ended);
      }
    },
    WITH_MANY_TIMES,
  );

  it('twice ends at once, even where the server does not answer, and the next one goes on', async () => {
    const kind: ShopKind = { importer: 'superuser', hasOldRows: false };
    let copies = 0;
    let isSilent = false;
    await throughProxy(
      shop,
      kind,
      {
        decide: (request) => {
          if (request.kind === 'copy-data') copies += 1;
          isSilent ||= copies === 4;
          return isSilent ? 'silence' : 'forward';
        },
      },
      async (target, url) => {
        const running = startImport(url);
        await expect.poll(() => isSilent, POLL).toBe(true);
        running.kill('SIGINT');
        // Two signals within a second count as one key press, which a parent process passed on.
        await delay(1100);
        running.kill('SIGINT');
        expect(await running.finished).toMatchObject({ exitCode: 130, signal: null });
        // The proxy keeps the connections open, as a firewall may.
        await target.database.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()`,
        );
        expect(await importInProcess(shop.artifact, target.url)).toMatchObject({ exitCode: 0 });
        await expectComplete(target, shop, { contents, kind });
      },
    );
  });
});
