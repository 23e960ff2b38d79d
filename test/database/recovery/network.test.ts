import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { importInProcess } from '../../support/in-process.ts';
import { temporaryFolder } from '../../support/temp.ts';
import type { Fate, SeenRequest } from '../../support/tcp-proxy.ts';
import { expectComplete, uninterrupted, type Contents } from './contents.ts';
import { createShop, type Shop, type ShopKind } from './shop.ts';
import { isStartOfRun, throughProxy } from './through-proxy.ts';

const folder = temporaryFolder();
const KIND: ShopKind = { importer: 'owner', hasOldRows: false };
const RETRIES = { jobs: 1, retries: 5, backoffMs: () => 20 };

let shop: Shop;
let contents: Contents;

beforeAll(async () => {
  shop = await createShop(folder, 1000);
  contents = await uninterrupted(shop);
});

/** Gives that fate to the first request after `so many` others that are such, and to no other. */
function onlyTo(
  isSuch: (request: SeenRequest) => boolean,
  after: number,
  fate: Fate,
): (request: SeenRequest) => Fate {
  let met = 0;
  return (request) => {
    if (!isSuch(request)) return 'forward';
    met += 1;
    return met === after + 1 ? fate : 'forward';
  };
}

const POLL = { interval: 5, timeout: 30_000 };
const ADVISORY_LOCKS = `SELECT FROM pg_locks WHERE locktype = 'advisory'
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
const isCommit = ({ sql }: SeenRequest): boolean => sql === 'COMMIT';
/** The first commit is the journal's own. */
const COMMITS_BEFORE = 4;
const LATE = { lateMs: 1500 };

describe('a commit', () => {
  it.each([
    ['does not arrive', 'cut'],
    ['arrives, and its answer is lost', 'lose-answer'],
    ['arrives late, when the client is long gone', LATE],
  ] as const)(
    'that %s is settled from the journal, and nothing is loaded twice',
    async (_, fate) => {
      const decide = onlyTo(isCommit, COMMITS_BEFORE, fate);
      await throughProxy(shop, KIND, { decide }, async (target, url) => {
        expect(await importInProcess(shop.artifact, url, RETRIES)).toMatchObject({ exitCode: 0 });
        await expectComplete(target, shop, { contents, kind: KIND });
      });
    },
  );

  it.each([
    ['does not arrive', 'cut'],
    ['arrives, and its answer is lost', 'lose-answer'],
    ['arrives late', LATE],
  ] as const)(
    'that %s ends an import without retries, which says what became of it',
    async (_, fate) => {
      const decide = onlyTo(isCommit, COMMITS_BEFORE, fate);
      await throughProxy(shop, KIND, { decide }, async (target, url) => {
        const { exitCode, report, error } = await importInProcess(shop.artifact, url, { jobs: 1 });
        expect({ exitCode, error }).toMatchObject({
          exitCode: 12,
          error: {
            code: 'target-refused',
            hint: expect.stringContaining('run the same import again'),
          },
        });
        const said = report?.tables.filter(({ state }) => state === 'committed') ?? [];
        const written = await target.database.query<{ name: string }>(
          `SELECT target_table AS name FROM sqlite_migration.tables WHERE state = 'done'`,
        );
        expect(said.map((table) => table.target).toSorted()).toEqual(
          written.map(({ name }) => name).toSorted(),
        );
        const tables = { cut: COMMITS_BEFORE - 1, 'lose-answer': COMMITS_BEFORE };
        // A late one arrives before its session is ended, or after that.
        expect(said).toHaveLength(typeof fate === 'string' ? tables[fate] : said.length);
        expect(report?.tables.map(({ state }) => state)).not.toContain('unknown');
        expect(await importInProcess(shop.artifact, url, { jobs: 1 })).toMatchObject({
          exitCode: 0,
        });
        await expectComplete(target, shop, { contents, kind: KIND });
      });
    },
  );

  it('that arrives when the process is gone is awaited by the next import', async () => {
    const isLate = onlyTo(isCommit, COMMITS_BEFORE, { lateMs: 2500 });
    let die: (() => void) | undefined;
    const decide = (request: SeenRequest): Fate => {
      const fate = isLate(request);
      if (fate !== 'forward') die?.();
      return fate;
    };
    await throughProxy(shop, KIND, { decide }, async (target, url, proxy) => {
      die = proxy.hangUp;
      const dead = await importInProcess(shop.artifact, url, { jobs: 1 });
      expect(dead.exitCode).toBe(12);
      await expect.poll(async () => target.database.query(ADVISORY_LOCKS), POLL).toEqual([]);
      const outcome = await importInProcess(shop.artifact, target.url, { jobs: 1 });
      expect(outcome).toMatchObject({ exitCode: 0 });
      const states = outcome.report?.tables.map((table) => table.state) ?? [];
      expect(states.filter((state) => state === 'done-before')).toHaveLength(COMMITS_BEFORE);
      await expectComplete(target, shop, { contents, kind: KIND });
    });
  });
});

const BEFORE_THE_LOAD = [
  [0, 'cut'],
  [4, 'lose-answer'],
  [8, 'cut'],
  [14, 'lose-answer'],
  [21, 'cut'],
  [30, 'lose-answer'],
  [47, 'lose-answer'],
] as const;

describe('a server that cannot be reached', () => {
  it('for a while in the middle of the load is tried again', async () => {
    let isDown = false;
    let pause: (() => Promise<void>) | undefined;
    let coming: Promise<void> | undefined;
    let copies = 0;
    const decide = ({ kind }: SeenRequest): Fate => {
      if (kind === 'copy-data') copies += 1;
      if (copies === 5) coming ??= pause?.();
      return 'forward';
    };
    await throughProxy(shop, KIND, { decide }, async (target, url, proxy) => {
      pause = async () => {
        isDown = true;
        await proxy.refuse();
        await delay(1000);
        await proxy.accept();
        isDown = false;
      };
      let attemptsInVain = 0;
      const backoffMs = (): number => {
        if (isDown) attemptsInVain += 1;
        return 100;
      };
      const outcome = await importInProcess(shop.artifact, url, { retries: 100, backoffMs });
      await coming;
      expect(outcome).toMatchObject({ exitCode: 0 });
      expect(attemptsInVain).toBeGreaterThan(1);
      await expectComplete(target, shop, { contents, kind: KIND });
    });
  });

  it('any more ends the import with what is committed, and the next one goes on', async () => {
    const decide = onlyTo(isCommit, COMMITS_BEFORE, 'cut');
    await throughProxy(shop, KIND, { decide }, async (target, url, proxy) => {
      const backoffMs = (): number => {
        void proxy.refuse();
        return 20;
      };
      const { exitCode, error } = await importInProcess(shop.artifact, url, {
        retries: 2,
        backoffMs,
      });
      expect({ exitCode, error }).toMatchObject({
        exitCode: 12,
        error: {
          message: expect.stringMatching(/cannot be reached: .*ECONNREFUSED.* \(committed: /),
        },
      });
      await proxy.accept();
      expect(await importInProcess(shop.artifact, url)).toMatchObject({ exitCode: 0 });
      await expectComplete(target, shop, { contents, kind: KIND });
    });
  });

  it('before the load begins is said at once, and nothing is written', async () => {
    for (const [number, fate] of BEFORE_THE_LOAD) {
      const decide = onlyTo(() => true, number, fate);
      await throughProxy(shop, KIND, { decide }, async (target, url, { seen }) => {
        expect(await importInProcess(shop.artifact, url, RETRIES)).toMatchObject({
          exitCode: 12,
          error: { code: 'target-refused', message: expect.stringContaining('the target ') },
        });
        expect(seen.filter(isStartOfRun)).toEqual([]);
        expect(await target.database.query('SELECT FROM regions')).toEqual([]);
        expect(await importInProcess(shop.artifact, url)).toMatchObject({ exitCode: 0 });
        await expectComplete(target, shop, { contents, kind: KIND });
      });
    }
  });
});

describe('a connection that swallows everything and is not closed', () => {
  it.each([
    ['in the middle of a COPY', ({ kind }: SeenRequest) => kind === 'copy-data', 3],
    ['in a statement', ({ sql }: SeenRequest) => sql.startsWith('LOCK TABLE'), 5],
    ['in a commit', isCommit, COMMITS_BEFORE],
    [
      'on the session that keeps other imports out',
      ({ sql }: SeenRequest) => sql.startsWith('SELECT a.pid'),
      6,
    ],
  ] as const)('%s is given up after a while, and opened again', async (_, isSuch, after) => {
    const decide = onlyTo(isSuch, after, 'silence');
    await throughProxy(shop, KIND, { decide }, async (target, url) => {
      const timeouts = { lock: 30, statement: 0, silence: 0.4 };
      const outcome = await importInProcess(shop.artifact, url, { ...RETRIES, timeouts });
      expect(outcome).toMatchObject({ exitCode: 0 });
      await expectComplete(target, shop, { contents, kind: KIND });
    });
  });

  it('is told from a statement that takes long', async () => {
    await throughProxy(shop, KIND, {}, async (target, url, proxy) => {
      await target.database.query(
        `CREATE FUNCTION slow(id integer) RETURNS integer IMMUTABLE LANGUAGE plpgsql AS $$
           BEGIN IF id = 1 THEN PERFORM pg_sleep(2); END IF; RETURN id; END $$;
         CREATE INDEX ON products (slow(code));`,
      );
      const timeouts = { lock: 30, statement: 0, silence: 0.2 };
      const outcome = await importInProcess(shop.artifact, url, { retries: 0, timeouts });
      expect(outcome).toMatchObject({ exitCode: 0 });
      expect(proxy.seen.some(({ sql }) => sql.startsWith('SELECT wait_event'))).toBe(true);
    });
  });
});

it('a slow connection only takes longer', async () => {
  await throughProxy(shop, KIND, { latencyMs: 10 }, async (target, url) => {
    expect(await importInProcess(shop.artifact, url, { jobs: 4 })).toMatchObject({ exitCode: 0 });
    await expectComplete(target, shop, { contents, kind: KIND });
  });
});
