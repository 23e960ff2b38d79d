import { beforeAll, describe, expect, it } from 'vitest';
import { importInProcess } from '../../support/in-process.ts';
import { temporaryFolder } from '../../support/temp.ts';
import type { Fate, SeenRequest } from '../../support/tcp-proxy.ts';
import { expectComplete, uninterrupted, type Contents } from './contents.ts';
import { createShop, type Shop } from './shop.ts';
import { isStartOfRun, throughProxy } from './through-proxy.ts';

const folder = temporaryFolder();
const ROWS = 1000;

let shop: Shop;
let contents: Contents;

beforeAll(async () => {
  shop = await createShop(folder, ROWS);
  contents = await uninterrupted(shop);
});

const hasAnswer = ({ kind }: SeenRequest): boolean =>
  kind === 'startup' || kind === 'statement' || kind === 'copy-done';

/** Gives every request of the load that has not come before in the same place this fate, once. */
function onceEach(fate: 'cut' | 'lose-answer'): {
  readonly decide: (request: SeenRequest) => Fate;
  readonly met: ReadonlySet<string>;
} {
  const met = new Set<string>();
  const places = new Map<number, string>();
  let start: SeenRequest | undefined;
  return {
    met,
    decide: (request) => {
      const { kind, connection } = request;
      // What differs from time to time: the numbers of triggers.
      const sql = request.sql.replaceAll(/\d+/g, '');
      if (/^(?:LOCK TABLE|COPY|ROLLBACK)/.test(sql)) places.set(connection, sql);
      const what = `${kind} ${sql} in ${places.get(connection) ?? ''}`;
      if (isStartOfRun(request)) start = request;
      const isMet = start?.isAnswered !== true || met.has(what);
      if (isMet || !(hasAnswer(request) || (kind === 'copy-data' && fate === 'cut')))
        return 'forward';
      met.add(what);
      return fate;
    },
  };
}

const ENDLESS = { retries: 1_000_000, backoffMs: () => 0 };

describe('a connection that is cut once at every request of a load', () => {
  it.each([
    ['before it arrives', 'cut', 'superuser', false, 1, false],
    ['before it arrives', 'cut', 'owner', true, 4, false],
    ['after it is carried out', 'lose-answer', 'superuser', true, 4, true],
    ['after it is carried out', 'lose-answer', 'owner', false, 1, false],
  ] as const)(
    '%s is opened again until all is loaded, once (%s; %s, old rows %s, %i jobs, keys in place %s)',
    async (_, fate, importer, hasOldRows, jobs, keepConstraints) => {
      const kind = { importer, hasOldRows };
      const { decide, met } = onceEach(fate);
      await throughProxy(shop, kind, { decide }, async (target, url) => {
        const options = {
          ...ENDLESS,
          jobs,
          keepConstraints,
          truncate: hasOldRows,
          rowsToDropIndexes: 1,
        };
        const outcome = await importInProcess(shop.artifact, url, options);
        expect(outcome).toMatchObject({ exitCode: 0, findings: [] });
        expect(outcome.report?.tables.map(({ state }) => state)).toEqual(
          shop.tables.map(() => 'committed'),
        );
        expect(met.size).toBeGreaterThan(100);
        const ofIndexes = [...met].filter((what) => /(?:DROP|CREATE) INDEX/.test(what));
        expect(ofIndexes.length > 1).toBe(!keepConstraints);
        await expectComplete(target, shop, { contents, kind });
      });
    },
  );
});
