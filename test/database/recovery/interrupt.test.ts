import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { importReportSchema } from '../../../scripts/lib/model/report.ts';
import { importInProcess } from '../../support/in-process.ts';
import { startScript, type RunningScript } from '../../support/run-script.ts';
import { temporaryFolder } from '../../support/temp.ts';
import { expectComplete, uninterrupted, type Contents } from './contents.ts';
import { chance, repetitions } from './random.ts';
import { createShop, type Shop, type ShopKind } from './shop.ts';
import { throughProxy } from './through-proxy.ts';

const folder = temporaryFolder();
const random = chance();
const TIMES = repetitions(4);
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
    ...['--target', url, '--skip-migration-check', '--json', '--jobs', '2'],
  ]);

describe('an import that is interrupted', () => {
  it(`by Ctrl-C or SIGTERM at any request says what is committed, which is what is there (seed ${random.seed})`, async () => {
    for (let time = 0; time < TIMES; time++) {
      const kind: ShopKind = { importer: random.pick(['superuser', 'owner']), hasOldRows: false };
      const signal = random.pick(['SIGINT', 'SIGTERM'] as const);
      const at = random.integer(20, 240);
      let running: RunningScript | undefined;
      const decide = ({ number }: { number: number }): 'forward' => {
        if (number === at) running?.kill(signal);
        return 'forward';
      };
      await throughProxy(shop, kind, { decide }, async (target, url, proxy) => {
        running = startImport(url);
        const { exitCode, stderr, stdout } = await running.finished;
        const isOver = exitCode === 0;
        if (!isOver) {
          expect({ exitCode, stderr }).toMatchObject({
            exitCode: 130,
            stderr: expect.stringMatching(/stopping… \(again to stop at once\)\n(?:.*\n)*error interrupted: /),
          });
        }
        const hasJournal = await target.database.query(
          `SELECT FROM pg_namespace WHERE nspname = 'sqlite_migration'`,
        );
        const json: unknown = JSON.parse(stdout);
        const report = importReportSchema.safeParse(json);
        if (report.success && hasJournal.length > 0) {
          expect(stderr).toContain('run the same import again');
          const said = report.data.tables.filter(({ state }) => state === 'committed');
          const done = await target.database.query(
            `SELECT target_table FROM sqlite_migration.tables WHERE state = 'done'`,
          );
          expect(done.map((row) => row['target_table']).toSorted()).toEqual(
            said.map((table) => table.target).toSorted(),
          );
        }
        if (!isOver) {
          expect(await importInProcess(shop.artifact, proxy.through(target.url))).toMatchObject({
            exitCode: 0,
          });
        }
        await expectComplete(target, shop, { contents, kind });
      });
    }
  }, WITH_MANY_TIMES);

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
