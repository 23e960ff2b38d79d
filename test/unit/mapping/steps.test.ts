import { describe, expect, it } from 'vitest';
import { makeStep, scalarValue, type Step } from '../../../scripts/lib/mapping/steps.ts';
import { STANDARD_NAMESPACES, uuidV5 } from '../../../scripts/lib/mapping/uuid-v5.ts';
import { MalformedText, type SqliteValue } from '../../../scripts/lib/model/values.ts';
import { Misfit } from '../../../scripts/lib/value/convert/converter.ts';

const DNS = STANDARD_NAMESPACES['dns'] ?? '';

function step(conversion: Parameters<typeof makeStep>[0]): Step {
  return makeStep(conversion, (name) => (name === 'dns' ? DNS : name));
}

/** What a conversion makes of a value, or the code of its misfit. */
function apply(conversion: Parameters<typeof makeStep>[0], value: SqliteValue): unknown {
  const result = step(conversion).apply(value);
  return result instanceof Misfit ? result.code : result;
}

const malformed = new MalformedText(new Uint8Array([0xff]));
const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

describe('a value as the mapping writes it', () => {
  it.each([
    ['a', 'a'],
    ['', ''],
    [null, null],
    [true, 'true'],
    [false, 'false'],
    [7, 7n],
    [-0, 0n],
    [2n ** 62n, 2n ** 62n],
    [1.5, 1.5],
  ])('%s is %s', (written, expected) => {
    expect(scalarValue(written)).toBe(expected);
  });
});

describe('a conversion', () => {
  it.each([
    ['trim', ' \t\u00A0a b\n', 'a b'],
    ['trim', ' \n ', ''],
    ['empty_to_null', '', null],
    ['empty_to_null', ' ', ' '],
    ['lower_case', 'ÄB@Example.COM', 'äb@example.com'],
    ['json_string', 'say "hi"\n', '"say \\"hi\\"\\n"'],
    ['json_string', '', '""'],
    ['json', '{"a": 1}', '{"a": 1}'],
    ['json', bytes('{"a":[1]}'), '{"a":[1]}'],
    ['json', '{a: 1}', 'value-format'],
    ['json', '', 'value-format'],
    ['json', new Uint8Array([0xff]), 'value-format'],
    ['text', 17n, '17'],
    ['text', 2n ** 63n - 1n, '9223372036854775807'],
    ['text', 17, '17.0'],
    ['text', 0.1 + 0.2, '0.30000000000000004'],
    ['text', -Infinity, '-Infinity'],
    ['text', 'a', 'a'],
    ['text', Buffer.from('Zoë'), 'Zoë'],
    ['text', new Uint8Array(), ''],
    ['text', new Uint8Array([0xc3, 0x28]), 'value-format'],
    ['hex', 'DEADbeef', bytes('\xde\xad\xbe\xef')],
    ['hex', '', bytes('')],
    ['hex', 'abc', 'value-format'],
    ['hex', '0xab', 'value-format'],
    ['hex', 'ab ', 'value-format'],
    ['hex', 'zz', 'value-format'],
    ['hex', 'a\u0161', 'value-format'],
    ['hex', '+1', 'value-format'],
    ['hex', 10n, 'value-class'],
    ['base64', 'AAEC/w==', bytes('\x00\x01\x02\xff')],
    ['base64', '', bytes('')],
    ['base64', 'AAEC/w', 'value-format'],
    ['base64', 'AAEC_w==', 'value-format'],
    ['base64', 'AAEC\n/w==', 'value-format'],
    ['base64', 'AAEC/x==', 'value-format'],
    ['base64', 'no base64', 'value-format'],
    ['base64', 1.5, 'value-class'],
  ] as const)('%s makes of %s %s', (conversion, value, expected) => {
    expect(apply(conversion, value)).toEqual(expected);
  });

  it.each(['trim', 'empty_to_null', 'lower_case', 'json_string'] as const)(
    '%s leaves everything but text as it is',
    (conversion) => {
      for (const value of [1n, 1.5, bytes(' A '), malformed]) {
        expect(step(conversion).apply(value)).toBe(value);
      }
    },
  );

  it.each(['hex', 'base64'] as const)(
    '%s leaves bytes as they are, and takes no malformed text',
    (conversion) => {
      const blob = bytes('a');
      expect(step(conversion).apply(blob)).toBe(blob);
      expect(apply(conversion, malformed)).toBe('value-class');
    },
  );

  it.each(['text', 'json'] as const)('%s leaves malformed text to the type', (conversion) => {
    expect(step(conversion).apply(malformed)).toBe(malformed);
  });

  it.each([
    'trim',
    'empty_to_null',
    'lower_case',
    'text',
    'json',
    'json_string',
    'base64',
    'hex',
    { values: { null: 'x', '': 'y' } },
    { uuid_v5: 'dns' },
  ] as const)('%j leaves NULL as it is', (conversion) => {
    expect(step(conversion).apply(null)).toBeNull();
  });

  it('takes values of 20 MB', () => {
    const text = 'ab'.repeat(10_000_000);
    const blob = Buffer.from(text);
    expect(step('trim').apply(` ${text} `)).toBe(text);
    expect(Buffer.compare(step('hex').apply(blob.toString('hex')) as Buffer, blob)).toBe(0);
    expect(Buffer.compare(step('base64').apply(blob.toString('base64')) as Buffer, blob)).toBe(0);
    expect(step('text').apply(blob)).toBe(text);
    expect(step('json_string').apply(text)).toBe(`"${text}"`);
    expect(step({ uuid_v5: 'dns' }).apply(text)).toBe(uuidV5(DNS, text));
  });

  it('takes JSON of any depth', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect(step('json').apply(deep)).toBe(deep);
  });
});

describe('values', () => {
  const values = {
    values: {
      admin: 'ADMIN',
      '1': true,
      '0': false,
      '2.5': 3,
      '17.0': 'x',
      '-1': null,
      '': 'none',
    },
  };

  it.each([
    ['admin', 'ADMIN'],
    ['Admin', 'Admin'],
    ['1', 'true'],
    [1n, 'true'],
    [1, 'true'],
    [0n, 'false'],
    [2.5, 3n],
    [17, 'x'],
    [17n, 17n],
    [-1n, null],
    ['', 'none'],
    ['constructor', 'constructor'],
    [2n, 2n],
  ])('make of %s %s', (value, expected) => {
    expect(apply(values, value)).toBe(expected);
  });

  it('tell 1 from 1.0 where both are listed', () => {
    const both = { values: { '1': 'whole', '1.0': 'real' } };
    expect(apply(both, 1n)).toBe('whole');
    expect(apply(both, 1)).toBe('real');
  });

  it('are no bytes', () => {
    const blob = bytes('admin');
    expect(apply(values, blob)).toBe(blob);
    expect(apply(values, malformed)).toBe(malformed);
  });
});

describe('if_null', () => {
  it('gives NULL a value, and nothing else', () => {
    expect(apply({ if_null: 'x' }, null)).toBe('x');
    expect(apply({ if_null: 0 }, null)).toBe(0n);
    expect(apply({ if_null: false }, null)).toBe('false');
    expect(apply({ if_null: 'x' }, '')).toBe('');
    expect(apply({ if_null: 'x' }, 0n)).toBe(0n);
  });
});

describe('uuid_v5', () => {
  it('is of the text, or of the digits of a whole number', () => {
    expect(apply({ uuid_v5: 'dns' }, 'www.example.com')).toBe(
      '2ed6657d-e927-568b-95e1-2665a8aea6a2',
    );
    const of42 = uuidV5(DNS, '42');
    for (const value of ['42', 42n, 42]) expect(apply({ uuid_v5: 'dns' }, value)).toBe(of42);
    expect(apply({ uuid_v5: 'dns' }, -1n)).toBe(uuidV5(DNS, '-1'));
  });

  it.each([1.5, 2 ** 53, Infinity, bytes('a'), malformed])('refuses %s', (value) => {
    expect(apply({ uuid_v5: 'dns' }, value)).toBe('value-class');
  });
});

describe('two steps', () => {
  it('are the same when they do the same, however it is written', () => {
    expect(step('trim').id).toBe(step('trim').id);
    expect(step({ uuid_v5: 'dns' }).id).toBe(step({ uuid_v5: DNS.toUpperCase() }).id);
    expect(step({ values: { a: 'b', c: 1 } }).id).toBe(step({ values: { c: 1, a: 'b' } }).id);
  });

  it('are different when they differ in anything', () => {
    const ids = [
      step('trim'),
      step('lower_case'),
      step({ uuid_v5: DNS }),
      step({ uuid_v5: '5f0d6a0e-3c1b-4f57-9a41-7d2b8c6e1f90' }),
      step({ if_null: '1' }),
      step({ if_null: 1 }),
      step({ if_null: null }),
      step({ values: {} }),
      step({ values: { a: 'b c' } }),
      step({ values: { a: 'b', c: 'd' } }),
      step({ values: { a: 1 } }),
      step({ values: { a: '1' } }),
      step({ values: { a: null } }),
    ].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
