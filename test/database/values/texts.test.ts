import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { READ } from '../../support/readings.ts';
import { createTargetColumn } from '../../support/target-column.ts';
import { anyBytes, anyText } from '../../support/values.ts';
import { nonNull } from './arbitraries.ts';
import { RUNS, castInPostgres, counterexample, useConnection } from './held.ts';
import { statedBytes, statedText, statedUuid } from './statements.ts';

const client = useConnection();

describe('whatever SQLite holds, a column of text holds the same characters or the value is refused', () => {
  const texts = fc.oneof(nonNull, anyText, fc.string({ unit: 'grapheme', maxLength: 7 }));

  it.each([
    ['text', undefined],
    ['varchar(5)', 5],
  ])('%s', async (type, length) => {
    const column = await createTargetColumn(client(), { type, read: READ.textBytes });
    expect(await counterexample(column, texts, (value) => statedText(value, length))).toBeNull();
  });

  it('char(5), which fills up with blanks', async () => {
    const read = "encode(bpcharsend(v), 'hex')";
    const column = await createTargetColumn(client(), { type: 'char(5)', read });
    expect(
      await counterexample(column, texts, (value) => {
        const stated = statedText(value, 5);
        if (stated === null) return null;
        const characters = Array.from(Buffer.from(stated, 'hex').toString('utf8')).length;
        return stated + Buffer.from(' '.repeat(5 - characters)).toString('hex');
      }),
    ).toBeNull();
  });

  it('bytea', async () => {
    const column = await createTargetColumn(client(), { type: 'bytea', read: READ.bytes });
    expect(await counterexample(column, fc.oneof(nonNull, anyBytes), statedBytes)).toBeNull();
  });
});

describe('uuid', () => {
  const spelled = fc
    .tuple(
      fc.uuid(),
      fc.constantFrom('', '{', 'urn:uuid:', ' '),
      fc.constantFrom('', '}'),
      fc.constantFrom('-', '', '--'),
    )
    .map(([uuid, before, after, hyphen]) => `${before}${uuid.replaceAll('-', hyphen)}${after}`);
  const grouped = fc
    .tuple(fc.uuid(), fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }))
    .map(([uuid, hyphens]) =>
      uuid
        .replaceAll('-', '')
        .replaceAll(/.{4}(?=.)/g, (group, at: number) =>
          hyphens[at / 4] === true ? `${group}-` : group,
        ),
    );

  it('takes every usual spelling and 16 bytes', async () => {
    const column = await createTargetColumn(client(), { type: 'uuid', read: READ.text });
    const bytes = fc.uint8Array({ minLength: 15, maxLength: 17 });
    const values = fc.oneof(nonNull, fc.mixedCase(spelled), grouped, bytes);
    expect(
      await counterexample(column, values, (value, held) => {
        const stated = statedUuid(value);
        return held?.replaceAll('-', '') === stated ? held : stated;
      }),
    ).toBeNull();
  });

  it('refuses nothing that PostgreSQL would take', async () => {
    const batches = fc.array(fc.oneof(spelled, grouped), { minLength: 20 });
    await fc.assert(
      fc.asyncProperty(batches, async (texts) => {
        const refused = texts.filter((text) => statedUuid(text) === null);
        expect(await castInPostgres(client(), refused, 'uuid')).toEqual(refused.map(() => null));
      }),
      RUNS,
    );
  });
});

describe('inet and cidr', () => {
  it('hold an address to the last bit', async () => {
    const inet = await createTargetColumn(client(), { type: 'inet', read: READ.inet });
    const cidr = await createTargetColumn(client(), { type: 'cidr', read: READ.cidr });
    const network = fc
      .tuple(ofLength(3), fc.constantFrom(1, 13))
      .map(([head, zeros]) => Uint8Array.from([...head, ...new Uint8Array(zeros)]));
    const address = fc.oneof(ofLength(4), ofLength(16), network);
    const networks = fc.array(fc.tuple(address, fc.option(fc.nat(140))), {
      minLength: 1,
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(networks, async (batch) => {
        const texts = batch.map(
          ([bytes, prefix]) => writeAddress(bytes) + (prefix === null ? '' : `/${prefix}`),
        );
        const stated = (isCidr: boolean): (string | null)[] =>
          batch.map(([bytes, prefix]) => sentAddress(bytes, prefix, isCidr));
        expect(await inet.held(texts)).toEqual(stated(false));
        expect(await cidr.held(texts)).toEqual(stated(true));
      }),
      RUNS,
    );
  });
});

function ofLength(length: number): fc.Arbitrary<Uint8Array> {
  return fc.uint8Array({ minLength: length, maxLength: length });
}

function writeAddress(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Buffer.from(bytes).toString('hex').match(/.{4}/g) ?? [];
  return groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':');
}

/** inet_send: family, prefix, whether it is a cidr, length, bytes. */
function sentAddress(bytes: Uint8Array, prefix: number | null, isCidr: boolean): string | null {
  const width = bytes.length * 8;
  const bits = prefix ?? width;
  if (bits > width) return null;
  const binary = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  if (isCidr && binary.slice(bits).includes('1')) return null;
  const head = [bytes.length === 4 ? 2 : 3, bits, isCidr ? 1 : 0, bytes.length];
  return Buffer.from([...head, ...bytes]).toString('hex');
}
