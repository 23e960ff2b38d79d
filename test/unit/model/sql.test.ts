import { expect, it } from 'vitest';
import { quoteIdentifier, quoteLiteral } from '../../../scripts/lib/model/sql.ts';
import { memoryDatabase } from '../../support/sqlite.ts';

const texts = ['a', 'a"b', "a'b", '""', "''", 'a\\b', 'a\nb', '表', '; --', '[x]', '`'];

it.each(texts)('quotes %j so that SQL means just that', (text) => {
  const db = memoryDatabase(`CREATE TABLE ${quoteIdentifier(text)} (${quoteIdentifier(text)})`);
  expect(db.prepare('SELECT name FROM sqlite_schema').pluck().all()).toEqual([text]);
  expect(
    db
      .prepare(`SELECT ${quoteLiteral(text)}`)
      .pluck()
      .get(),
  ).toBe(text);
});
