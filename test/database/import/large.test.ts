import { describe, expect, it } from 'vitest';
import { createScenario } from '../../support/scenario.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();

const HALF = 25_000_000;

describe('what is large', () => {
  it('arrives exact as a row of 50 MB: text with an emoji at its end, and a BLOB', async () => {
    const scenario = await createScenario(folder, {
      source: `CREATE TABLE big (id INTEGER PRIMARY KEY, note TEXT, data BLOB);
        INSERT INTO big VALUES (1, replace(hex(zeroblob(${HALF / 2})), '0', 'a') || char(128512), zeroblob(${HALF}));`,
      target: `CREATE TABLE big (id integer PRIMARY KEY, note text, data bytea);`,
    });
    expect((await scenario.import()).exitCode).toBe(0);
    const rows = await scenario.rows(
      `SELECT length(note) AS characters, note = repeat('a', ${HALF}) || U&'\\+01F600' AS same_text,
         length(data) AS bytes, data = decode(repeat('00', ${HALF}), 'hex') AS same_bytes FROM big`,
    );
    expect(rows).toEqual([
      { characters: HALF + 1, same_text: true, bytes: HALF, same_bytes: true },
    ]);
  }, 120_000);

  it('arrives exact in 1,500 columns', async () => {
    const names = Array.from({ length: 1500 }, (_, index) => `c${index}`);
    const scenario = await createScenario(folder, {
      source: `CREATE TABLE wide (${names.map((name) => `${name} INTEGER`).join(', ')});
        INSERT INTO wide VALUES (${names.map((_, index) => (index % 7 === 0 ? 'NULL' : index)).join(', ')});`,
      target: `CREATE TABLE wide (${names.map((name) => `${name} integer`).join(', ')});`,
    });
    expect((await scenario.import()).exitCode).toBe(0);
    const [row] = await scenario.rows('SELECT * FROM wide');
    expect(row).toEqual(
      Object.fromEntries(names.map((name, index) => [name, index % 7 === 0 ? null : index])),
    );
  });
});
