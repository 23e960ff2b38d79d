import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyzeReportSchema } from '../../scripts/lib/model/reports/analyze.ts';
import { runScript } from '../support/run-script.ts';
import { createSource } from '../support/source-file.ts';
import { temporaryFolder } from '../support/temp.ts';

const folder = temporaryFolder();
const messy = createSource(
  join(folder, 'messy.db'),
  `CREATE TABLE orders (id INTEGER PRIMARY KEY, total INTEGER, placed_at INTEGER, note TEXT);
   INSERT INTO orders VALUES (1, 12, 1700000000, 'fine'), (2, 'n/a', 1700000001, 'a' || char(0)), (3, NULL, NULL, NULL);
   CREATE TABLE empty (x);`,
);
const plain = createSource(
  join(folder, 'plain.db'),
  'CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1);',
);

describe('what analyze says of the values', () => {
  it('names what is remarkable, and is no reason to fail', async () => {
    const { exitCode, stderr } = await runScript('analyze', ['--source', messy]);
    expect(exitCode).toBe(0);
    for (const line of [
      'warning against-declared-type: values do not go with the declared type of the column, INTEGER',
      '  at: table orders, column total',
      '  - id=2: total="n/a"',
      String.raw`  - id=2: note="a\u0000"`,
      '  - orders.placed_at (seconds: 2023-11-14)',
    ]) {
      expect(stderr.split('\n')).toContain(line);
    }
    expect(stderr).not.toContain('up to 4 characters');
  });

  it('lists every column with --census', async () => {
    const { exitCode, stderr } = await runScript('analyze', ['--source', messy, '--census']);
    expect(exitCode).toBe(0);
    const lines = stderr.split('\n');
    const start = lines.indexOf('  orders: 3 rows');
    expect(lines.slice(start + 1, start + 10)).toEqual([
      '    id         INTEGER  3  INTEGER  1 to 3',
      '    total      INTEGER  1  INTEGER  12',
      '                        1  TEXT     up to 3 characters',
      '                        1  NULL',
      '    placed_at  INTEGER  2  INTEGER  1700000000 to 1700000001; as s since 1970: 2023-11-14',
      '                        1  NULL',
      '    note       TEXT     2  TEXT     up to 4 characters; 1 with U+0000',
      '                        1  NULL',
      expect.stringContaining('2 tables, 3 rows'),
    ]);
  });

  it('has the census in the report, and no content of texts', async () => {
    const { json } = await runScript('analyze', ['--source', plain, '--json', '--quiet']);
    const report = analyzeReportSchema.strict().parse(json());
    expect(report.tables[0]?.columns[0]?.census).toEqual({
      nulls: 0,
      integers: { count: 1, minimum: '1', maximum: '1', zeroOrOne: 1, epoch: null },
      reals: null,
      texts: null,
      blobs: null,
    });
    expect(report.findings).toEqual([]);
  });
});
