import { expect } from 'vitest';
import type { SeenRequest, TcpProxy } from '../../support/tcp-proxy.ts';
import { expectComplete, type Contents } from './contents.ts';
import type { Chance } from './random.ts';
import type { Shop, ShopKind } from './shop.ts';
import { isStartOfRun, throughProxy } from './through-proxy.ts';

/** How an import is run in one story; the kind of target decides what becomes of foreign keys. */
interface StoryOptions {
  readonly jobs: 1 | 2 | 4;
  readonly keepConstraints: boolean;
  readonly truncate: boolean;
}

/** An import that can be ended from outside at any moment. */
interface MortalImport {
  /** At once, whatever it does. */
  readonly die: () => void;
  /** Its exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
}

export type StartImport = (url: string, options: StoryOptions, proxy: TcpProxy) => MortalImport;

/** More than that often no import is begun. */
const MOST_STARTS = 12;

/** Requests of an uninterrupted import, roughly: where keys are dropped and added, and elsewhere. */
const REQUESTS = { dropped: 410, kept: 280 } as const;

/** Counts what imports were doing when they were ended. */
export type Moments = Map<string, number>;

/**
 * Begins an import of the shop, ends it at a request chosen by chance, once or more, and runs it again
 * until it is done. Then the target must hold what an uninterrupted import leaves.
 *
 * @param mayEndWith exit codes of an import that is ended
 */
export async function tellStory(
  shop: Shop,
  contents: Contents,
  chance: Chance,
  start: StartImport,
  { mayEndWith, moments }: { mayEndWith: readonly (number | null)[]; moments: Moments },
): Promise<void> {
  const importer = chance.pick(['superuser', 'owner'] as const);
  const hasOldRows = chance.pick([true, false]);
  const kind: ShopKind = { importer, hasOldRows };
  const options: StoryOptions = {
    jobs: chance.pick([1, 2, 4] as const),
    keepConstraints: chance.integer(1, 3) === 1,
    truncate: hasOldRows,
  };
  const most = REQUESTS[importer === 'owner' && !options.keepConstraints ? 'dropped' : 'kept'];
  let endings = chance.integer(1, 2);
  let endAt = 0;
  let current: MortalImport | undefined;
  const decide = (request: SeenRequest): 'forward' | 'cut' => {
    if (request.number !== endAt || current === undefined) return 'forward';
    const moment = momentOf(request);
    moments.set(moment, (moments.get(moment) ?? 0) + 1);
    endings -= 1;
    current.die();
    return chance.pick(['forward', 'cut'] as const);
  };
  await throughProxy(shop, kind, { decide }, async (target, url, proxy) => {
    for (let starts = 1; ; starts += 1) {
      expect(starts).toBeLessThanOrEqual(MOST_STARTS);
      endAt = endings > 0 ? proxy.seen.length + chance.integer(1, most) : 0;
      current = start(url, options, proxy);
      const exitCode = await current.ended;
      if (exitCode === 0) break;
      expect(mayEndWith).toContain(exitCode);
      if (!proxy.isListening()) await proxy.accept();
    }
    await expectComplete(target, shop, { contents, kind });
    await expectAttempts(target.database, proxy);
  });
}

async function expectAttempts(
  { query }: { query: (sql: string) => Promise<Record<string, unknown>[]> },
  proxy: TcpProxy,
): Promise<void> {
  const [run] = await query('SELECT attempts FROM sqlite_migration.runs');
  const begun = proxy.seen.filter(isStartOfRun);
  expect(run?.['attempts']).toBeLessThanOrEqual(begun.length);
  expect(run?.['attempts']).toBeGreaterThanOrEqual(
    begun.filter(({ isAnswered }) => isAnswered).length,
  );
}

const MOMENTS: readonly (readonly [pattern: RegExp, moment: string])[] = [
  [/^(?:BEGIN|LOCK)/, 'taking locks'],
  [/^COMMIT/, 'COMMIT'],
  [/^(?:COPY)/, 'COPY'],
  [/INDEX|PRIMARY KEY|DROP CONSTRAINT "\w+_pkey|pg_get_indexdef/, 'indexes'],
  [/^ANALYZE/, 'ANALYZE'],
  [/sqlite_migration/, 'the journal'],
  [/FOREIGN KEY|CONSTRAINT|TRIGGER|pg_get_constraintdef|replication_role = /, 'keys and triggers'],
  [/WITH found/, 'proving keys'],
  [/^TRUNCATE/, 'TRUNCATE'],
  [/SEQUENCE|last_value/, 'sequences'],
  [/pg_locks|advisory/, 'the lock on the schema'],
  [/^SELECT count/, 'counting'],
  [/pg_catalog|^SET|^SHOW|current_setting/, 'settings and catalog'],
];

function momentOf({ kind, sql }: SeenRequest): string {
  if (kind !== 'statement') return kind;
  return MOMENTS.find(([pattern]) => pattern.test(sql))?.[1] ?? 'another statement';
}

/** `12 COMMIT, 9 copy-data, …` */
export function describeMoments(moments: Moments): string {
  return [...moments]
    .toSorted(([, some], [, other]) => other - some)
    .map(([moment, count]) => `${count} ${moment}`)
    .join(', ');
}
