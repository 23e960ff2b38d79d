import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCrashingServer, type CrashingServer } from '../../support/crashing-server.ts';
import { importInProcess } from '../../support/in-process.ts';
import { temporaryFolder } from '../../support/temp.ts';
import type { SeenRequest } from '../../support/tcp-proxy.ts';
import { expectComplete, uninterrupted, type Contents } from './contents.ts';
import { chance, repetitions } from './random.ts';
import { createShop, type Shop, type ShopKind } from './shop.ts';
import { isStartOfRun, throughProxy } from './through-proxy.ts';

const folder = temporaryFolder();
const random = chance();
const CRASHES = repetitions(2);
const ENDED_SESSIONS = repetitions(5);
const WITH_MANY_TIMES = 3_600_000;

let server: CrashingServer;
let shop: Shop;
let contents: Contents;

beforeAll(async () => {
  server = await startCrashingServer();
  shop = await createShop(folder, 2000, server.url);
  contents = await uninterrupted(shop);
});

afterAll(async () => server.stop());

/** Makes something happen once, so many requests after the run has begun. */
function afterRequests(count: number, happen: () => void): (request: SeenRequest) => 'forward' {
  let start = Number.POSITIVE_INFINITY;
  return (request) => {
    if (isStartOfRun(request)) start = Math.min(start, request.number);
    if (request.number === start + count) happen();
    return 'forward';
  };
}

const anyKind = (): ShopKind => ({
  importer: random.pick(['superuser', 'owner']),
  hasOldRows: false,
});

const backoffMs = (): number => 100;

describe('a server that crashes and comes back', () => {
  it(
    `in the middle of an import lets it go on by itself (seed ${random.seed})`,
    async () => {
      for (let crash = 0; crash < CRASHES; crash++) {
        const kind = anyKind();
        let coming: Promise<void> | undefined;
        const decide = afterRequests(random.integer(2, 180), () => {
          coming = server.crash().then(server.start);
        });
        await throughProxy(shop, kind, { decide }, async (target, url) => {
          const jobs = random.pick([1, 4]);
          const outcome = await importInProcess(shop.artifact, url, {
            jobs,
            retries: 600,
            backoffMs,
          });
          await coming;
          expect(outcome).toMatchObject({ exitCode: 0 });
          await expectComplete(target, shop, { contents, kind });
        });
      }
    },
    WITH_MANY_TIMES,
  );

  it('ends an import without retries, which says what is committed, and the next one goes on', async () => {
    const kind = anyKind();
    let coming: Promise<void> | undefined;
    const decide = afterRequests(120, () => {
      coming = server.crash().then(server.start);
    });
    await throughProxy(shop, kind, { decide }, async (target, url) => {
      const { exitCode, error } = await importInProcess(shop.artifact, url, { jobs: 1 });
      await coming;
      expect({ exitCode, error }).toMatchObject({
        exitCode: 12,
        error: {
          message: expect.stringContaining('(committed: '),
          hint: expect.stringContaining('run the same import again'),
        },
      });
      expect(await importInProcess(shop.artifact, url)).toMatchObject({ exitCode: 0 });
      await expectComplete(target, shop, { contents, kind });
    });
  });
});

const SESSIONS = {
  'the sessions that load': 'NOT',
  'the session that keeps other imports out': '',
} as const;

describe('an administrator who ends', () => {
  it.each(Object.entries(SESSIONS))(
    `%s does not end the import (seed ${random.seed})`,
    async (_, not) => {
      for (let time = 0; time < ENDED_SESSIONS / 2; time++) {
        const kind = anyKind();
        let ending: Promise<unknown> | undefined;
        let end: (() => Promise<unknown>) | undefined;
        const decide = afterRequests(random.integer(10, 180), () => {
          ending = end?.();
        });
        await throughProxy(shop, kind, { decide }, async (target, url) => {
          end = async () =>
            target.database.query(
              `SELECT pg_terminate_backend(pid) FROM pg_stat_activity AS a
                WHERE datname = current_database() AND pid <> pg_backend_pid() AND ${not} EXISTS
                  (SELECT FROM pg_locks AS l WHERE l.pid = a.pid AND locktype = 'advisory')`,
            );
          const options = { jobs: 2, retries: 3, backoffMs: () => 20 };
          const outcome = await importInProcess(shop.artifact, url, options);
          await ending;
          expect(outcome).toMatchObject({ exitCode: 0 });
          await expectComplete(target, shop, { contents, kind });
        });
      }
    },
    WITH_MANY_TIMES,
  );
});
