import { beforeAll, describe, expect, it } from 'vitest';
import { importStatus } from '../../../scripts/lib/commands/import-status.ts';
import { quietContext } from '../../support/artifact.ts';
import { importInProcess, type ImportOutcome } from '../../support/in-process.ts';
import { runScript, startScript } from '../../support/run-script.ts';
import { temporaryFolder } from '../../support/temp.ts';
import { expectComplete, uninterrupted, type Contents } from './contents.ts';
import { TARGET, createShop, type Shop, type ShopKind } from './shop.ts';
import { throughProxy } from './through-proxy.ts';

const folder = temporaryFolder();
const KIND: ShopKind = { importer: 'superuser', hasOldRows: false };

let shop: Shop;
let contents: Contents;

beforeAll(async () => {
  shop = await createShop(folder, 1000);
  contents = await uninterrupted(shop);
});

const POLL = { interval: 10, timeout: 60_000 };

describe('two imports into one schema at once', () => {
  it('do not mix: the second is refused and told who holds the lock, whichever of them that is', async () => {
    await throughProxy(shop, KIND, { latencyMs: 2 }, async (target, url) => {
      const both = [url, target.url].map(async (one) => importInProcess(shop.artifact, one));
      const outcomes = await Promise.all(both);
      const refused = outcomes.filter(({ exitCode }) => exitCode !== 0);
      expect(refused.length).toBeLessThanOrEqual(1);
      for (const outcome of refused) expectRefused(outcome);
      // The one that came when the other was done has found nothing left to load.
      expect(outcomes.some(({ exitCode }) => exitCode === 0)).toBe(true);
      await expectComplete(target, shop, { contents, kind: KIND });
    });
  });

  it('are told by --status from one that is killed, after which the second can go on', async () => {
    await throughProxy(
      shop,
      KIND,
      // The first import comes to a halt in the middle of its work and holds what it holds.
      {
        decide: (request) =>
          request.kind === 'copy-data' && request.sql === '' ? 'silence' : 'forward',
      },
      async (target, url) => {
        const args = [shop.artifact, '--skip-migration-check', '--jobs', '1', '--target'];
        const first = startScript('import', [...args, url]);
        const readState = async (): Promise<string | undefined> =>
          (await importStatus({ target: target.url, env: {} }, quietContext)).runs[0]?.state;
        const copying = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'COPY%'`;
        await expect.poll(async () => target.database.query(copying), POLL).toHaveLength(1);
        expect(await readState()).toBe('running');

        const second = await runScript('import', [...args, target.url]);
        expect(second.exitCode).toBe(12);
        expect(second.stderr).toMatch(
          /error another import is loading into the schema public: sqlite-migration import, pid \d+, postgres@[\d.]+, connected since \d{4}-/,
        );
        expect(second.stderr).toMatch(/import --status .*pg_terminate_backend\(\d+\)/);

        first.kill('SIGKILL');
        await first.finished;
        // The proxy keeps the killed one's connections open, as a firewall may.
        await target.database.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()`,
        );
        await expect.poll(readState, POLL).toBe('interrupted');
        expect(await importInProcess(shop.artifact, target.url)).toMatchObject({ exitCode: 0 });
        await expectComplete(target, shop, { contents, kind: KIND });
      },
    );
  });
});

function expectRefused({ exitCode, error }: ImportOutcome): void {
  expect({ exitCode, error }).toMatchObject({
    exitCode: 12,
    error: {
      code: 'import-running',
      message: expect.stringMatching(/sqlite-migration import, pid \d+/),
    },
  });
}

it('two imports into two schemas of one database go on side by side', async () => {
  const { database, url } = await shop.target(KIND);
  await database.query(`CREATE SCHEMA one; CREATE SCHEMA two;
    SET search_path = one; ${TARGET} SET search_path = two; ${TARGET}`);
  const outcomes = await Promise.all(
    ['one', 'two'].map(async (schema) => importInProcess(shop.artifact, url, { schema })),
  );
  expect(outcomes.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  const rows = await database.query(
    `SELECT (SELECT count(*) FROM one.readings) AS one, (SELECT count(*) FROM two.readings) AS two,
       (SELECT count(*) FROM sqlite_migration.runs WHERE state = 'done') AS runs`,
  );
  expect(rows).toEqual([{ one: '1000', two: '1000', runs: '2' }]);
  await database.drop();
});
