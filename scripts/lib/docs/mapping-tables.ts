import {
  NAMED_CONVERSIONS,
  PARAMETER_CONVERSIONS,
  type Conversion,
} from '../mapping/file/conversions.ts';
import { POLICIES, type Policy } from '../mapping/file/policies.ts';
import { describeValue } from '../model/row-key.ts';
import type { SqliteValue } from '../model/values.ts';
import { markdownTable } from './markdown-table.ts';

/** A value of the source on its way into a column of the target. */
interface Example {
  /** The target column's type, as PostgreSQL's catalog names it. */
  readonly type: string;
  readonly value: SqliteValue;
  /** What the target gets, as PostgreSQL's text; null for NULL. */
  readonly becomes: string | null;
}

export interface ConversionExample extends Example {
  readonly conversion: Conversion;
  /** The ledger counts what it changes. */
  readonly isCounted: boolean;
}

const EPOCH_DAY = 19_723n;

/** Each conversion at work. A test tries them all. */
export const CONVERSION_EXAMPLES: readonly ConversionExample[] = [
  counted('trim', ' a b ', 'a b'),
  counted('empty_to_null', '', null),
  counted('lower_case', 'Ada@X.org', 'ada@x.org'),
  counted({ values: { admin: 'ADMIN', guest: 'GUEST' } }, 'admin', 'ADMIN'),
  counted({ if_null: 'none' }, null, 'none'),
  counted({ uuid_v5: 'dns' }, 'www.example.com', '2ed6657d-e927-568b-95e1-2665a8aea6a2', 'uuid'),
  uncounted('text', 1.5, '1.5', 'text'),
  uncounted('digits', 17n, String.raw`\x3137`, 'bytea'),
  uncounted('json', Buffer.from('{}'), '{}', 'jsonb'),
  uncounted('json_string', 'a"b', String.raw`"a\"b"`, 'jsonb'),
  uncounted('base64', 'AAH/', String.raw`\x0001ff`, 'bytea'),
  uncounted('hex', '00FF', String.raw`\x00ff`, 'bytea'),
  uncounted('epoch_s', EPOCH_DAY * 86_400n, '2024-01-01 00:00:00+00', 'timestamptz'),
  uncounted('epoch_ms', EPOCH_DAY * 86_400_000n, '2024-01-01 00:00:00+00', 'timestamptz'),
  uncounted('epoch_us', EPOCH_DAY * 86_400_000_000n, '2024-01-01 00:00:00+00', 'timestamptz'),
  uncounted('julian_day', 2_460_310.5, '2024-01-01 00:00:00+00', 'timestamptz'),
  uncounted(
    { time_zone: 'Europe/Berlin' },
    '2024-07-01 12:00',
    '2024-07-01 10:00:00+00',
    'timestamptz',
  ),
  uncounted(
    { date_format: 'DD.MM.YYYY HH:mm' },
    '01.07.2024 12:00',
    '2024-07-01 12:00:00+00',
    'timestamptz',
  ),
];

function counted(
  conversion: Conversion,
  value: SqliteValue,
  becomes: string | null,
  type = 'text',
): ConversionExample {
  return { conversion, value, becomes, type, isCounted: true };
}

function uncounted(
  conversion: Conversion,
  value: SqliteValue,
  becomes: string,
  type: string,
): ConversionExample {
  return { conversion, value, becomes, type, isCounted: false };
}

export interface PolicyExample extends Example {
  readonly policy: Policy;
  /** The type's modifier, where it has one. */
  readonly modifier?: number;
  /** The type as it is written in a schema. */
  readonly title: string;
}

/** PostgreSQL stores the modifiers of varchar and numeric with this much added. */
const HEADER = 4;

/** Each policy that mends a value at work. A test tries them all. */
export const POLICY_EXAMPLES: readonly PolicyExample[] = [
  { policy: 'strip_nul', type: 'text', title: 'text', value: 'a\u0000b', becomes: 'ab' },
  {
    policy: 'replace_invalid_utf8',
    type: 'jsonb',
    title: 'jsonb',
    value: String.raw`"a\ud800"`,
    becomes: String.raw`"a\ufffd"`,
  },
  {
    policy: 'round',
    type: 'numeric',
    title: 'numeric(6,2)',
    modifier: ((6 << 16) | 2) + HEADER,
    value: 1.255,
    becomes: '1.26',
  },
  {
    policy: 'truncate',
    type: 'varchar',
    title: 'varchar(3)',
    modifier: 3 + HEADER,
    value: 'abcd',
    becomes: 'abc',
  },
];

/** What conversions there are, for the guide. */
export function conversionTable(): string {
  const meanings: Readonly<Record<string, string>> = {
    ...NAMED_CONVERSIONS,
    ...PARAMETER_CONVERSIONS,
  };
  return markdownTable(
    ['conversion', 'what it does', 'for example', 'counted'],
    CONVERSION_EXAMPLES.map((example) => {
      const { conversion, value, becomes, isCounted } = example;
      const name = conversionName(conversion);
      return [
        code(JSON.stringify(conversion, null, 1).replaceAll(/\s*\n\s*/g, ' ')),
        meanings[name] ?? '',
        `${code(describeValue(value))} becomes ${becomes === null ? 'NULL' : code(becomes)}`,
        isCounted ? 'yes' : '–',
      ];
    }),
  );
}

/** What policies there are, for the guide. */
export function policyTable(): string {
  return markdownTable(
    ['policy', 'what it does', 'for example'],
    Object.entries(POLICIES).map(([policy, meaning]) => {
      const example = POLICY_EXAMPLES.find((candidate) => candidate.policy === policy);
      return [
        code(`"${policy}"`),
        meaning,
        example === undefined
          ? '–'
          : `in ${code(example.title)}, ${code(describeValue(example.value))} becomes ${code(example.becomes ?? 'NULL')}`,
      ];
    }),
  );
}

/** The key by which a conversion is known. */
export function conversionName(conversion: Conversion): string {
  return typeof conversion === 'string' ? conversion : (Object.keys(conversion)[0] ?? '');
}

function code(text: string): string {
  return `\`${text}\``;
}
