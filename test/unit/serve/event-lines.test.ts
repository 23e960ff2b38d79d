import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEnd, readNewLines } from '../../../scripts/lib/serve/event-lines.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();
const file = join(folder, 'events.ndjson');

async function readAll(from = 0): Promise<string[]> {
  const texts: string[] = [];
  for (let offset = from; ;) {
    const { lines, offset: next } = await readNewLines(file, offset);
    if (lines.length === 0) return texts;
    texts.push(...lines.map(({ text }) => text));
    offset = next;
  }
}

describe('readNewLines', () => {
  it('gives each line once, whatever its length and however it comes', async () => {
    const line = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.integer({ min: 200_000, max: 600_000 }).map((length) => 'ü'.repeat(length / 2)),
    );
    const lines = fc.array(
      line.map((text) => text.replaceAll('\n', '')),
      { maxLength: 8 },
    );
    await fc.assert(
      fc.asyncProperty(lines, async (texts) => {
        writeFileSync(file, texts.map((text) => `${text}\n`).join(''));
        expect(await readAll()).toEqual(texts.map((text) => Buffer.from(text).toString()));
      }),
      { numRuns: 30 },
    );
  });

  it('waits for the end of a line, and goes on behind the last one', async () => {
    writeFileSync(file, 'one\ntw');
    const first = await readNewLines(file, 0);
    expect(first).toEqual({ lines: [{ text: 'one', end: 4 }], offset: 4 });
    expect(await readNewLines(file, 4)).toEqual({ lines: [], offset: 4 });
    appendFileSync(file, 'o\n');
    expect(await readNewLines(file, 4)).toEqual({ lines: [{ text: 'two', end: 8 }], offset: 8 });
  });

  it('has nothing of a file that is not there, nor behind its end', async () => {
    expect(await readNewLines(join(folder, 'absent'), 0)).toEqual({ lines: [], offset: 0 });
    expect(await readNewLines(file, 10_000)).toEqual({ lines: [], offset: 10_000 });
  });
});

describe('readEnd', () => {
  it('gives a short file whole, and of a long one whole lines', async () => {
    writeFileSync(file, 'first\nsecond\nthird\n');
    expect(await readEnd(file, 1000)).toBe('first\nsecond\nthird\n');
    expect(await readEnd(file, 10)).toBe('third\n');
    expect(await readEnd(join(folder, 'absent'), 10)).toBe('');
  });
});
