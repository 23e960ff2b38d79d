import { MalformedText } from '../../../scripts/lib/model/values.ts';
import { READ, sentDouble, sentSingle, utf8Bytes } from '../../support/readings.ts';
import { INT64_MAX, INT64_MIN } from '../../support/values.ts';
import { AWKWARD_TEXTS, type Exact } from './exact-case.ts';

export const NUMBERS: readonly Exact[] = [
  {
    type: 'smallint',
    read: READ.text,
    cases: [
      [-32_768n, '-32768'],
      [32_767, '32767'],
      ['32767', '32767'],
      [32_768n, null],
      ['-32769', null],
      [1.5, null],
    ],
  },
  {
    type: 'bigint',
    read: READ.text,
    cases: [
      [INT64_MIN, '-9223372036854775808'],
      [INT64_MAX, '9223372036854775807'],
      ['9223372036854775807', '9223372036854775807'],
      [9_007_199_254_740_991, '9007199254740991'],
      ['9223372036854775808', null],
    ],
  },
  {
    type: 'double precision',
    read: READ.double,
    cases: [
      [0.1 + 0.2, sentDouble(0.1 + 0.2)],
      [-0, sentDouble(-0)],
      [5e-324, sentDouble(5e-324)],
      [1.7976931348623157e308, sentDouble(1.7976931348623157e308)],
      [Infinity, sentDouble(Infinity)],
      [-Infinity, sentDouble(-Infinity)],
      [2n ** 53n, sentDouble(2 ** 53)],
      ['0.30000000000000004', sentDouble(0.1 + 0.2)],
      [2n ** 53n + 1n, null],
      ['0.300000000000000040000000001', null],
    ],
  },
  {
    type: 'real',
    read: READ.single,
    cases: [
      [0.5, sentSingle(0.5)],
      [-0, sentSingle(-0)],
      [1.401298464324817e-45, sentSingle(1.401298464324817e-45)],
      [3.4028234663852886e38, sentSingle(3.4028234663852886e38)],
      [-Infinity, sentSingle(-Infinity)],
      [16_777_216n, sentSingle(16_777_216)],
      [0.1, null],
      [1e39, null],
    ],
  },
  {
    type: 'numeric(10,2)',
    read: READ.text,
    cases: [
      [12.3, '12.30'],
      ['12.3000', '12.30'],
      [-99_999_999.99, '-99999999.99'],
      [12.345, null],
      [100_000_000n, null],
      [Infinity, null],
    ],
  },
  {
    type: 'numeric',
    read: READ.text,
    cases: [
      ['123456789012345678901234567890.123456789', '123456789012345678901234567890.123456789'],
      [1e-7, '0.0000001'],
      [1e21, '1000000000000000000000'],
      ['1e-16383', `0.${'0'.repeat(16_382)}1`],
      [Infinity, 'Infinity'],
      ['1e-16384', null],
    ],
  },
  {
    type: 'numeric(3,-2)',
    read: READ.text,
    cases: [
      [99_900n, '99900'],
      [99_950n, null],
    ],
  },
  {
    type: 'boolean',
    read: READ.text,
    cases: [
      [0n, 'false'],
      [1n, 'true'],
      ['YES', 'true'],
      ['f', 'false'],
      [2n, null],
      ['', null],
    ],
  },
];

const EVERY_BYTE = Uint8Array.from({ length: 256 }, (_, byte) => byte);

export const TEXTS: readonly Exact[] = [
  {
    type: 'text',
    read: READ.textBytes,
    cases: [
      ...AWKWARD_TEXTS.map((text): [string, string] => [text, utf8Bytes(text)]),
      [INT64_MIN, utf8Bytes('-9223372036854775808')],
      ['a\u0000', null],
      [new MalformedText(new Uint8Array([0xff])), null],
      [new Uint8Array([0x61]), null],
      [1.5, null],
    ],
  },
  {
    type: 'varchar(3)',
    read: READ.textBytes,
    cases: [
      ['😀😀😀', utf8Bytes('😀😀😀')],
      ['ab ', utf8Bytes('ab ')],
      ['abc ', null],
      ['😀😀😀😀', null],
    ],
  },
  {
    type: 'char(3)',
    read: "encode(bpcharsend(v), 'hex')",
    cases: [
      ['', utf8Bytes('   ')],
      ['a', utf8Bytes('a  ')],
      ['😀é', utf8Bytes('😀é ')],
      ['abcd', null],
    ],
  },
  {
    type: 'citext',
    read: READ.textBytes,
    cases: [...AWKWARD_TEXTS, 'ÄäA'].map((text): [string, string] => [text, utf8Bytes(text)]),
  },
  {
    type: 'code',
    read: READ.textBytes,
    cases: [
      ['abc', utf8Bytes('abc')],
      ['abcd', null],
    ],
  },
  {
    type: 'mood',
    read: READ.textBytes,
    cases: [
      ['it\'s "ok"', utf8Bytes('it\'s "ok"')],
      ['happy', null],
    ],
  },
  {
    type: 'bytea',
    read: READ.bytes,
    cases: [
      [new Uint8Array(), ''],
      [EVERY_BYTE, Buffer.from(EVERY_BYTE).toString('hex')],
      ['\\x00é', utf8Bytes('\\x00é')],
      [new MalformedText(new Uint8Array([0, 0xff])), '00ff'],
      [1n, null],
    ],
  },
  {
    type: 'uuid',
    read: READ.text,
    cases: [
      ['{0E4AB2C6-5A4C-4F5E-8C43-6B3A4F0A9D11}', '0e4ab2c6-5a4c-4f5e-8c43-6b3a4f0a9d11'],
      [
        Buffer.from('0e4ab2c65a4c4f5e8c436b3a4f0a9d11', 'hex'),
        '0e4ab2c6-5a4c-4f5e-8c43-6b3a4f0a9d11',
      ],
      ['0e4ab2c6', null],
    ],
  },
  {
    type: 'cidr',
    read: READ.text,
    cases: [
      ['10.0.0.0/8', '10.0.0.0/8'],
      ['2001:DB8::/32', '2001:db8::/32'],
      ['10.0.0.1/8', null],
    ],
  },
  {
    type: 'inet',
    read: READ.text,
    cases: [
      ['10.0.0.1/8', '10.0.0.1/8'],
      ['::1', '::1/128'],
    ],
  },
  { type: 'macaddr', read: READ.text, cases: [['0800.2B01.0203', '08:00:2b:01:02:03']] },
];
