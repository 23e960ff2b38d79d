import { describe, expect, it } from 'vitest';
import {
  optionalNames,
  optionalText,
  switchFlag,
  wholeNumber,
} from '../../../scripts/lib/cli/flags.ts';

describe('a list of names', () => {
  it('is taken apart at commas, blanks around names aside', () => {
    expect(optionalNames.parse('users')).toEqual(['users']);
    expect(optionalNames.parse(' users , Order Details')).toEqual(['users', 'Order Details']);
    expect(optionalNames.parse(undefined)).toBeUndefined();
  });

  it.each(['', ',', 'a,', ' ,a'])('is refused with an empty name in it: %j', (text) => {
    expect(optionalNames.safeParse(text).error?.issues[0]?.message).toBe('holds an empty name');
  });
});

describe('a whole number', () => {
  const number = wholeNumber(2, 10);

  it('is read as a number, or is the default', () => {
    expect([
      number.parse('2'),
      number.parse('007'),
      number.parse('999999999999999'),
      number.parse(undefined),
    ]).toEqual([2, 7, 999_999_999_999_999, 10]);
  });

  it.each(['1', '-2', '+2', '2.0', '2e1', ' 2', '', '9999999999999999', '２'])(
    'is not %j',
    (text) => {
      expect(number.safeParse(text).success).toBe(false);
    },
  );
});

it('a text may be absent and not empty', () => {
  expect(optionalText.parse(undefined)).toBeUndefined();
  expect(optionalText.parse(' ')).toBe(' ');
  expect(optionalText.safeParse('').success).toBe(false);
});

it('a switch is off unless it is given', () => {
  const { schema } = switchFlag('x');
  expect([schema.parse(undefined), schema.parse(true)]).toEqual([false, true]);
});
