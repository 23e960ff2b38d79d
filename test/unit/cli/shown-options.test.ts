import { expect, it } from 'vitest';
import { shownOptions } from '../../../scripts/lib/cli/shown-options.ts';

const shown = (target: string): unknown =>
  shownOptions({ argument: '', furtherArguments: [], flags: { target } as never })['target'];

it.each([
  [
    'postgresql://app:secret@db:5432/shop?schema=app',
    'postgresql://app:***@db:5432/shop?schema=app',
  ],
  ['postgresql://app@db/shop', 'postgresql://app@db/shop'],
  ['postgres://app:a%40b@db/shop?sslmode=require', 'postgres://app:***@db/shop?sslmode=require'],
  ['postgresql://db/shop?user=app&password=secret', 'postgresql://db/shop'],
  ['postgresql://app:sec@ret@db/shop', 'postgresql://app:***@db/shop'],
  ['postgresql://app:12/secret@db/shop', 'postgresql://***'],
  ['postgresql://app:sec/ret@db/shop', 'postgresql://***'],
  ['mysql://app:secret@db/shop', 'mysql://app:***@db/shop'],
  ['sqlite:///var/restored.db', 'sqlite:///var/restored.db'],
  ['file:./dev.db', 'file:./dev.db'],
  ['exports/app', 'exports/app'],
])('%s is shown as %s', (url, text) => {
  expect(shown(url)).toBe(text);
});

it('what is not given is not shown; what has a default is', () => {
  const flags = { dryRun: false, tables: ['a', 'b'], mapping: undefined, jobs: 2 } as never;
  expect(shownOptions({ argument: 'exports/app', furtherArguments: [], flags })).toEqual({
    argument: 'exports/app',
    tables: ['a', 'b'],
    jobs: 2,
  });
});
