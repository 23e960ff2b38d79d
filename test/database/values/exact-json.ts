import { READ, utf8Bytes } from '../../support/readings.ts';
import { AWKWARD_TEXTS, type Exact } from './exact-case.ts';

export const DOCUMENTS: readonly Exact[] = [
  {
    type: 'json',
    read: READ.textBytes,
    cases: ['{"a" : 1e400,"a":2}', '"\\ud83d\\ude00"', ' [] ', '12345678901234567890.10'].map(
      (text): [string, string] => [text, utf8Bytes(text)],
    ),
  },
  {
    type: 'jsonb',
    read: READ.text,
    cases: [
      ['{"b":1,"a":9007199254740993,"b":2}', '{"a": 9007199254740993, "b": 2}'],
      [
        '[1.10, 1e3, -0, 12345678901234567890.12345678901234567890]',
        '[1.10, 1000, 0, 12345678901234567890.12345678901234567890]',
      ],
      ['"\\ud83d\\ude00\\n\\u0001"', '"😀\\n\\u0001"'],
      ['null', 'null'],
      [17n, '17'],
      [0.1, '0.1'],
      ['"\\u0000"', null],
      ['"\\ud83d"', null],
      ['1e131072', null],
    ],
  },
];

export const ARRAYS: readonly Exact[] = [
  {
    type: 'text[]',
    read: "encode(convert_to(to_json(v)::text, 'UTF8'), 'hex')",
    cases: [
      [JSON.stringify(AWKWARD_TEXTS), utf8Bytes(JSON.stringify(AWKWARD_TEXTS))],
      ['[null,"null"]', utf8Bytes('[null,"null"]')],
      ['[]', utf8Bytes('[]')],
    ],
  },
  {
    type: 'bigint[]',
    read: READ.text,
    cases: [
      [
        '[9223372036854775807, -9223372036854775808, null]',
        '{9223372036854775807,-9223372036854775808,NULL}',
      ],
      ['[[1,2],[3,4]]', '{{1,2},{3,4}}'],
      ['[9223372036854775808]', null],
    ],
  },
  {
    type: 'varchar(2)[]',
    read: READ.text,
    cases: [
      ['["ab"]', '{ab}'],
      ['["abc"]', null],
    ],
  },
  {
    type: 'timestamptz(0)[]',
    read: 'extract(epoch FROM v[1])',
    cases: [
      ['["2024-01-31T12:00:00Z"]', '1706702400.000000'],
      ['["2024-01-31T12:00:00.5Z"]', null],
    ],
  },
  {
    type: 'jsonb[]',
    read: 'v[1]::text',
    cases: [
      ['[null]', 'null'],
      ['[{"a":[1]}, 2]', '{"a": [1]}'],
    ],
  },
  {
    type: 'mood[]',
    read: READ.text,
    cases: [['["sad","it\'s \\"ok\\""]', '{sad,"it\'s \\"ok\\""}']],
  },
  { type: 'bytea[]', read: "encode(v[1], 'hex')", cases: [['["\\\\x"]', utf8Bytes('\\x')]] },
  {
    type: 'prices',
    read: READ.text,
    cases: [
      ['[1.5, 2]', '{1.50,2.00}'],
      ['[1.555]', null],
    ],
  },
  {
    type: 'price',
    read: READ.text,
    cases: [
      [1.5, '1.50'],
      [1.555, null],
    ],
  },
];
