import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { standardError } from '../../../scripts/lib/cli/terminal.ts';

const before = Object.getOwnPropertyDescriptor(process.stderr, 'isTTY');

/** Lets this process's standard error be a terminal, or none, for one test. */
function standIn(isTTY: boolean): void {
  Object.defineProperty(process.stderr, 'isTTY', { value: isTTY, configurable: true });
}

afterEach(() => {
  if (before === undefined) Reflect.deleteProperty(process.stderr, 'isTTY');
  else Object.defineProperty(process.stderr, 'isTTY', before);
});

describe('on a terminal', () => {
  beforeEach(() => standIn(true));

  it('there is colour, whatever standard output is', () => {
    expect(standardError({}).style('red', 'x')).toBe('\u001b[31mx\u001b[39m');
  });

  it('NO_COLOR takes it away, and an empty NO_COLOR does not', () => {
    expect(standardError({ NO_COLOR: '1' }).style('red', 'x')).toBe('x');
    expect(standardError({ NO_COLOR: '' }).style('red', 'x')).toBe('\u001b[31mx\u001b[39m');
  });

  it('lines are redrawn, unless the terminal is dumb', () => {
    expect(standardError({ TERM: 'xterm' }).isInteractive).toBe(true);
    expect(standardError({ TERM: 'dumb' }).isInteractive).toBe(false);
  });
});

describe('elsewhere', () => {
  beforeEach(() => standIn(false));

  it('there is neither colour nor redrawing', () => {
    expect(standardError({}).style('red', 'x')).toBe('x');
    expect(standardError({ TERM: 'xterm' }).isInteractive).toBe(false);
  });
});
