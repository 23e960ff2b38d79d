import { describe, expect, it } from 'vitest';
import {
  describeNotCarried,
  describePlace,
  renderError,
  renderFindings,
} from '../../../scripts/lib/cli/render.ts';
import type { Finding } from '../../../scripts/lib/model/findings.ts';
import { recordingTerminal } from '../../support/terminal.ts';

const plain = recordingTerminal();
const colored = recordingTerminal({ colored: true });

const orphan: Finding = {
  code: 'orphan',
  severity: 'blocking',
  kind: 'data',
  message: 'rows refer to a parent row that does not exist',
  where: { table: 'orders', column: 'user_id', file: 'data/002-orders.ndjson' },
  total: 1,
  examples: [{ rowKey: 'id=7', line: 12, detail: 'user_id=3 has no parent' }],
  hint: 'add the missing parents',
};

it('names a place by all that is known of it', () => {
  expect(
    describePlace({
      table: 'orders',
      column: 'total',
      constraint: 'fk',
      rowKey: 'id=7',
      file: 'a.ndjson',
      line: 12,
    }),
  ).toBe('table orders, column total, constraint fk, row id=7, file a.ndjson, line 12');
  expect(describePlace({})).toBe('');
});

describe('an error', () => {
  it('is what happened, where, and what to do next', () => {
    const error = {
      kind: 'source',
      code: 'x',
      message: 'it is locked',
      where: { file: 'a.db' },
      hint: 'wait',
    } as const;
    expect(renderError(error, plain)).toBe('error it is locked (file a.db)\n  next: wait\n');
    expect(renderError(error, colored)).toBe(
      '<red>error</> it is locked (file a.db)\n  next: wait\n',
    );
  });

  it('of several lines has its place on the first one', () => {
    const message = 'it cannot be used\n  - this\n  - that';
    expect(
      renderError({ kind: 'usage', code: 'odd', message, where: { file: 'a.json' } }, plain),
    ).toBe('error it cannot be used (file a.json)\n  - this\n  - that\n');
  });

  it('may have neither place nor hint', () => {
    expect(renderError({ kind: 'bug', code: 'bug', message: 'oops', where: {} }, plain)).toBe(
      'error oops\n',
    );
  });
});

describe('a finding', () => {
  it('is its severity, code and message, its place, its examples and its hint', () => {
    expect(renderFindings([orphan], plain)).toBe(
      [
        'blocking orphan: rows refer to a parent row that does not exist',
        '  at: table orders, column user_id, file data/002-orders.ndjson',
        '  - id=7, line 12: user_id=3 has no parent',
        '  next: add the missing parents',
        '1 finding: 1 blocking',
        '',
      ].join('\n'),
    );
  });

  it('shows five examples and how many more there are', () => {
    const examples = Array.from({ length: 20 }, (_, index) => ({ line: index + 1 }));
    const text = renderFindings([{ ...orphan, total: 1234, examples }], plain);
    expect(text).toContain('orphan, 1,234 times:');
    expect(text.match(/^ {2}- line \d+$/gm)).toHaveLength(5);
    expect(text).toContain('  - and 1,229 more (--json lists the first 20)\n');
  });

  it('has no line for what it does not have', () => {
    const bare: Finding = { ...orphan, where: {}, examples: [], total: 3, hint: undefined };
    expect(renderFindings([bare], plain)).toBe(
      'blocking orphan, 3 times: rows refer to a parent row that does not exist\n1 finding: 1 blocking\n',
    );
  });

  it.each([
    ['blocking', 'red'],
    ['warning', 'yellow'],
    ['info', 'cyan'],
  ] as const)('of severity %s is %s', (severity, color) => {
    expect(renderFindings([{ ...orphan, severity }], colored)).toContain(
      `<${color}>${severity}</> orphan`,
    );
  });
});

it('counts findings by severity, and says nothing when there are none', () => {
  const other: Finding = { ...orphan, code: 'json-column', severity: 'warning', examples: [] };
  expect(renderFindings([orphan, orphan, other], plain)).toMatch(
    /\n3 findings: 2 blocking, 1 warning\n$/,
  );
  expect(renderFindings([], plain)).toBe('');
});

it('lists what is not carried by kind, with the reason when it is the same for all', () => {
  expect(
    describeNotCarried([
      { name: 'v', kind: 'view', reason: 'no rows' },
      { name: 'a', kind: 'excluded', reason: 'named by --exclude' },
      { name: 'w', kind: 'view', reason: 'no rows' },
      { name: 'b', kind: 'excluded', reason: 'not named by --tables' },
      { name: 't', kind: 'trigger', reason: 'no rows' },
    ]),
  ).toEqual([
    '  not carried: 2 views (no rows): v, w',
    '  not carried: 2 excluded tables: a, b',
    '  not carried: 1 trigger (no rows): t',
  ]);
  expect(describeNotCarried([])).toEqual([]);
});
