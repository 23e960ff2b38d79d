import { expect, it } from 'vitest';
import { compareInProcess } from '../../support/comparison.ts';
import { createLoadedScenario } from '../../support/scenario.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();

const SOURCE = `CREATE TABLE words (word TEXT PRIMARY KEY, length INTEGER); CREATE TABLE log (what TEXT);
  INSERT INTO words VALUES ('b', 1), ('B', 1), ('a', 1), ('é', 1), ('e', 1), ('-b', 2), (' b', 2), ('ß', 1), ('Z', 1), ('😀', 1);
  INSERT INTO log SELECT word FROM words; INSERT INTO log SELECT word FROM words;`;
const TARGET =
  'CREATE TABLE words (word text PRIMARY KEY, length integer); CREATE TABLE log (what text)';

/** What follows the encoding in CREATE DATABASE. */
const LOCALES = [
  "LOCALE_PROVIDER libc LOCALE 'C'",
  "LOCALE_PROVIDER icu ICU_LOCALE 'en-US' LOCALE 'C'",
  "LOCALE_PROVIDER icu ICU_LOCALE 'de-u-kn-ks-level2' LOCALE 'C'",
];

it('databases with other collations have one digest, and damage is found in each', async () => {
  const digests = new Set<string>();
  for (const locale of LOCALES) {
    const scenario = await createLoadedScenario(folder, { source: SOURCE, target: TARGET, locale });
    const before = await compareInProcess(scenario.artifact, scenario.url);
    expect([locale, before.differences]).toEqual([locale, []]);
    for (const table of ['words', 'log']) {
      digests.add(`${table} ${before.table(table).digest?.target ?? ''}`);
    }
    await scenario.rows(
      `UPDATE words SET word = 'É' WHERE word = 'é'; DELETE FROM words WHERE word = 'Z'`,
    );
    const after = await compareInProcess(scenario.artifact, scenario.url);
    expect([locale, after.differences]).toEqual([
      locale,
      ['words missing word="Z"', 'words extra word="É"', 'words missing word="é"'],
    ]);
  }
  expect(digests.size).toBe(2);
});
