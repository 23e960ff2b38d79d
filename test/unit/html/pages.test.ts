import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  analyzePage,
  errorPage,
  importPage,
  summaryPage,
  verifyPage,
} from '../../../scripts/lib/html/report-pages.ts';
import type { Finding } from '../../../scripts/lib/model/findings.ts';
import type { AnalyzeReport } from '../../../scripts/lib/model/reports/analyze.ts';
import type { ImportReport } from '../../../scripts/lib/model/reports/import.ts';
import type { VerifyReport } from '../../../scripts/lib/model/reports/verify.ts';
import { HOSTILE_NAMES, envelope, hostileTables, reportsOf } from '../../support/html-reports.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();
let analyzed: AnalyzeReport;
let verified: VerifyReport;
let hostile: Awaited<ReturnType<typeof reportsOf>>;

beforeAll(async () => {
  ({ analyzed, verified } = await reportsOf(
    folder,
    'shop',
    `CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT);
     CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers (id), total REAL);
     CREATE TABLE a (id INTEGER PRIMARY KEY, b_id INTEGER REFERENCES b (id));
     CREATE TABLE b (id INTEGER PRIMARY KEY, a_id INTEGER REFERENCES a (id));
     WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1234)
       INSERT INTO customers SELECT i, 'c' || i FROM n;
     INSERT INTO orders VALUES (1, 1, 2.5), (2, 1, 'x'), (3, NULL, NULL);
     CREATE VIEW seen AS SELECT 1;`,
  ));
  hostile = await reportsOf(folder, 'hostile', hostileTables());
}, 60_000);

/** The numbers to sort by of a row of the table with this head, by the name in the row's first cell. */
function valuesOf(page: string, id: string): Map<string, readonly number[]> {
  const section = page.split(`id="${id}"`)[1]?.split('</section>')[0] ?? '';
  const rows = section.split('<tbody>')[1]?.split('<tr>').slice(1) ?? [];
  return new Map(
    rows.map((row) => [
      /<bdi class="name">([^<]*)</.exec(row)?.[1] ?? '',
      [...row.matchAll(/data-v="([^"]*)"/g)].map(([, value]) => Number(value)),
    ]),
  );
}

function findingOf(changes: Partial<Finding>): Finding {
  return {
    code: 'value-range',
    severity: 'blocking',
    kind: 'data',
    message: 'does not fit',
    where: { table: 'orders', column: 'total' },
    total: 1,
    examples: [],
    ...changes,
  };
}

function importReport(changes: Partial<ImportReport> = {}): ImportReport {
  return {
    ...envelope('import'),
    artifact: { path: 'exports/shop', id: 'f'.repeat(64) },
    target: 'app@localhost:5432/shop?schema=public',
    dryRun: false,
    run: null,
    totalRows: 7,
    totalBytes: 100,
    migrations: [],
    mapping: null,
    ledger: [],
    tables: [],
    dependencies: { tables: [], cycles: [] },
    findings: [],
    ...changes,
  };
}

describe('a page', () => {
  it('allows no style and no script but its own, by their hashes, and no request', () => {
    const page = verifyPage(verified, []);
    const policy = /Content-Security-Policy"\s+content="([^"]*)"/.exec(page)?.[1] ?? '';
    const hashes = ['style', 'script'].map((element) => {
      const [, text = ''] = new RegExp(`<${element}>([^]*?)</${element}>`).exec(page) ?? [];
      expect(text.length).toBeGreaterThan(100);
      return createHash('sha256').update(text).digest('base64');
    });
    expect(policy.replaceAll('&#39;', "'")).toBe(
      `default-src 'none'; style-src 'sha256-${hashes[0]}'; script-src 'sha256-${hashes[1]}'; base-uri 'none'; form-action 'none'`,
    );
    expect(page).not.toMatch(/\b(?:src|style|on[a-z]+)=|href="(?!#)|url\((?!#)|@import/i);
  });

  it('has each number of the tables as the report has it', () => {
    const stored = valuesOf(verifyPage(verified, []), 'tables');
    expect(stored).toEqual(
      new Map(
        verified.tables.map(({ name, rowCount, sizeBytes, elapsedMs }) => [
          name,
          [rowCount, sizeBytes, elapsedMs],
        ]),
      ),
    );
    expect(stored.get('customers')?.[0]).toBe(1234);
    expect(valuesOf(analyzePage(analyzed, []), 'tables')).toEqual(
      new Map(
        analyzed.tables.map(({ name, order, rowCount, columns }) => [
          name,
          [order, rowCount, columns.length],
        ]),
      ),
    );
  });

  it('has the census of each column by storage class', () => {
    const page = analyzePage(
      { ...analyzed, findings: [findingOf({ total: 5 }), findingOf({ code: 'value-nul' })] },
      [],
    );
    const census = page.split(`id="census"`)[1] ?? '';
    const total = census.split('<tr>').find((row) => row.includes('>total<')) ?? '';
    expect([...total.matchAll(/data-v="([^"]*)"/g)].map(([, value]) => value)).toEqual(
      // INTEGER, REAL, TEXT, BLOB, NULL
      ['0', '1', '1', '0', '1'],
    );
    expect(total).toContain('value-range 5');
    expect(total).toContain('value-nul 1');
  });

  it('draws tables, references and cycles', () => {
    const page = analyzePage(analyzed, []);
    expect(page).toContain('4 tables in 2 steps, 3 references');
    expect(page.match(/<path class="edge"/g)).toHaveLength(1);
    expect(page.match(/<path\s+class="edge cycle"/g)).toHaveLength(2);
    expect(page).toMatch(/refer to each other/);
  });

  it('tells the same story as --summary does', () => {
    const { story } = verified;
    if (story === undefined) throw new Error('it has no story');
    const page = summaryPage({
      ...envelope('verify'),
      ...story,
      artifact: verified.artifact,
      findings: [],
    });
    expect(page).toContain('<strong>taken</strong> from');
    expect(page).toContain('the window cannot be estimated');
    expect(valuesOf(page, 'tables').get('orders')).toEqual([3, expect.any(Number)]);
  });

  it('draws when each table was loaded, and by which session', () => {
    const page = importPage(
      importReport({
        tables: ['first', 'second', 'left'].map((target, index) => ({
          source: target,
          target,
          state: target === 'left' ? 'not-loaded' : 'committed',
          rowCount: 7,
          digest: null,
          rowsLeftOut: 2,
          rowsBefore: 3,
          rowsAfter: target === 'left' ? null : 10,
          sizeBytes: 100,
          sequences: [{ column: 'id', sequence: 's', nextValue: '9007199254740993' }],
          startedAt: target === 'left' ? null : `2026-01-31T23:59:59.${index}00Z`,
          job: target === 'left' ? null : index + 1,
          elapsedMs: 250,
        })),
      }),
      ['7 rows loaded'],
    );
    const load = page.split(`id="load"`)[1]?.split('</section>')[0] ?? '';
    expect(load.match(/class="lane"/g)).toHaveLength(2);
    expect(load).toContain('job 1, 250 ms');
    expect(load).toContain('job 2, 250 ms');
    expect(load).not.toContain('left');
    expect(page).toContain('9007199254740993');
    expect(valuesOf(page, 'tables').get('second')).toEqual([7, 100, 10, 2, 250]);
  });

  it('says first what was found, and what to do', () => {
    const findings = [
      findingOf({
        hint: 'widen the column',
        total: 3,
        examples: [{ rowKey: 'id=2', detail: 'x' }],
      }),
      findingOf({ severity: 'warning', code: 'view', where: { table: 'seen' } }),
    ];
    const page = importPage(
      importReport({
        exitCode: 3,
        findings,
        failure: { kind: 'target', code: 'lost', message: 'gone', where: {}, hint: 'again' },
      }),
      [],
    );
    const places = [
      'lost',
      'gone',
      'again',
      'value-range',
      'id=2: x',
      'and 2 more',
      'widen',
      'seen',
    ];
    const at = places.map((place) => page.indexOf(place));
    expect(at).toEqual(at.toSorted((a, b) => a - b));
    expect(at[0]).toBeGreaterThan(0);
    expect(page).toContain('Done, but with blocking findings');
  });

  it('counts all findings and shows those that are alike once', () => {
    const findings = Array.from({ length: 5000 }, (_, index) =>
      findingOf({ where: { table: `t${index}` }, hint: 'mend them' }),
    );
    const page = importPage(importReport({ exitCode: 3, findings }), []);
    expect(page).toContain('in 5,000 places');
    expect(page).toContain('and 4,900 more');
    expect(page.match(/mend them/g)).toHaveLength(1);
  });

  it('says what kept a script from its work', () => {
    const error = {
      kind: 'source',
      code: 'source-damaged',
      message: 'a\nb',
      where: { file: '<f>' },
    };
    const page = errorPage({
      ...envelope('analyze'),
      exitCode: 10,
      error: { ...error, kind: 'source' },
    });
    expect(page).toContain('The source cannot be read');
    expect(page).toContain('Where: file &lt;f&gt;');
  });
});

describe('names that are hostile', () => {
  it('stand in a page as text alone', () => {
    for (const page of [
      analyzePage(hostile.analyzed, HOSTILE_NAMES),
      verifyPage(hostile.verified, HOSTILE_NAMES),
    ]) {
      expect(page).not.toMatch(/<img|<b>|<!--(?! )|onerror="|onmouseover='/);
      expect(page.match(/<script>/g)).toHaveLength(1);
      expect(page).not.toMatch(/(?![\n\t])[\p{Cc}\p{Bidi_Control}\u2028]/u);
      expect(page).toContain('&lt;/script&gt;&lt;img src=x onerror=&quot;');
      expect(page).toContain('⟨U+202E⟩gnp.txe⟨U+2066⟩');
      expect(page).not.toContain('ä'.repeat(700));
      expect(page.length).toBeLessThan(150_000);
    }
  });

  it('may stand in each place of a finding', () => {
    for (const name of HOSTILE_NAMES) {
      const finding = findingOf({
        message: name,
        hint: name,
        where: { table: name, column: name, constraint: name, rowKey: name, file: name },
        examples: [{ rowKey: name, detail: name }],
      });
      const page = importPage(importReport({ findings: [finding], target: name }), [name]);
      expect(page.match(/<script>/g)).toHaveLength(1);
      expect(page).not.toContain('<img');
    }
  });
});
