import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { READ } from '../../support/readings.ts';
import { createTargetColumn } from '../../support/target-column.ts';
import { anyInteger, anyText } from '../../support/values.ts';
import { decimalText, nonNull } from './arbitraries.ts';
import { RUNS, castInPostgres, counterexample, useConnection } from './held.ts';
import { isSameNumber, isStorableJson } from './statements.ts';

const client = useConnection();

const written = fc
  .tuple(fc.jsonValue({ stringUnit: 'binary' }), fc.constantFrom(undefined, 1, '\t'))
  .map(([value, indent]) => JSON.stringify(value, null, indent));
const PIECES = ['\\u0000', '\\\\', '\\u0041', '\\ud83d', '\\ude00', 'u0000', '\\"', '😀', 'x'];
const escaped = fc
  .array(fc.constantFrom(...PIECES), { maxLength: 6 })
  .map((parts) => parts.join(''));
/** Escapes where they matter and where they do not, in keys too, and in what a later key hides. */
const tricky = fc
  .tuple(escaped, escaped, escaped)
  .map(([key, value, other]) => `{"${key}":["${value}",1],"${key}":"${other}"}`);
const documents = fc.oneof(written, tricky, anyText);

/** Whether jsonb shows a JSON text: numeric has no minus zero, the last of equal keys counts. */
function isSameJson(held: string, text: string): boolean {
  const [first, second] = [held, text].map(
    (json) =>
      JSON.parse(json, (_key, value: unknown) => (Object.is(value, -0) ? 0 : value)) as unknown,
  );
  return isDeepStrictEqual(first, second);
}

describe('JSON', () => {
  it('json keeps the text', async () => {
    const column = await createTargetColumn(client(), { type: 'json', read: READ.textBytes });
    expect(
      await counterexample(column, documents, (text) =>
        isStorableJson(text) ? Buffer.from(text, 'utf8').toString('hex') : null,
      ),
    ).toBeNull();
  });

  it('jsonb keeps the value', async () => {
    const column = await createTargetColumn(client(), { type: 'jsonb', read: READ.text });
    expect(
      await counterexample(column, documents, (text, held) => {
        if (!isStorableJson(text)) return null;
        return held !== null && isSameJson(held, text) ? held : text;
      }),
    ).toBeNull();
  });

  it('jsonb keeps numbers that SQLite made of the text, and takes no BLOB', async () => {
    const column = await createTargetColumn(client(), { type: 'jsonb', read: READ.text });
    expect(
      await counterexample(
        column,
        nonNull.filter((value) => typeof value !== 'string'),
        (value, held) => {
          if (typeof value === 'object' || !Number.isFinite(Number(value))) return null;
          return isSameNumber(held ?? '', String(value)) ? held : String(value);
        },
      ),
    ).toBeNull();
  });

  it('jsonb refuses nothing that PostgreSQL would take', async () => {
    const batches = fc.array(fc.oneof(written, tricky), { minLength: 20 });
    await fc.assert(
      fc.asyncProperty(batches, async (texts) => {
        const refused = texts.filter((text) => !isStorableJson(text));
        expect(await castInPostgres(client(), refused, 'jsonb')).toEqual(refused.map(() => null));
      }),
      RUNS,
    );
  });
});

describe('a JSON array becomes an array', () => {
  it('of text', async () => {
    const column = await createTargetColumn(client(), { type: 'text[]', read: 'to_json(v)' });
    const lists = fc
      .array(fc.option(anyText), { maxLength: 5 })
      .map((list) => JSON.stringify(list));
    expect(
      await counterexample(column, lists, (text, held) => {
        if (text.includes('\\u0000')) return null;
        return held !== null && isSameJson(held, text) ? held : text;
      }),
    ).toBeNull();
  });

  it('of bigint, in dimensions', async () => {
    const column = await createTargetColumn(client(), { type: 'bigint[]', read: READ.text });
    const rows = fc
      .tuple(fc.nat(4), fc.nat(3), fc.array(anyInteger, { minLength: 20, maxLength: 20 }))
      .map(([height, width, integers]) =>
        Array.from({ length: height }, (_, row) => integers.slice(row * width, (row + 1) * width)),
      )
      .map((value) => `[${value.map((row) => `[${row.join(', ')}]`).join(',')}]`);
    expect(
      await counterexample(column, rows, (text) => {
        const literal = text.replaceAll('[', '{').replaceAll(']', '}').replaceAll(' ', '');
        return literal.includes('{}') && literal !== '{}' ? null : literal;
      }),
    ).toBeNull();
  });

  it('of numeric, to the last digit', async () => {
    const column = await createTargetColumn(client(), { type: 'numeric[]', read: 'v[1]' });
    const lists = decimalText.map((text) => `[${text}]`);
    expect(
      await counterexample(column, lists, (text, held) => {
        const token = text.slice(1, -1).trim();
        if (token === '') return text === '[]' || text === '[ ]' ? 'NULL' : null;
        if (!/^-?(0|[1-9]\d*)(\.\d+)?(e-?\d+)?$/.test(token)) return null;
        return isSameNumber(held ?? '', token) ? held : token;
      }),
    ).toBeNull();
  });
});
