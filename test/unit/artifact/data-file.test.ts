import { createHash } from 'node:crypto';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLineBatches, type DataFileFacts } from '../../../scripts/lib/artifact/data-file.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();
const file = join(folder, 'data.ndjson');

interface Reading extends DataFileFacts {
  readonly lines: readonly string[];
  readonly batchCount: number;
}

async function read(path: string, signal?: AbortSignal): Promise<Reading> {
  const rows = { path, file: path, compression: null, sizeBytes: 0 };
  const batches = readLineBatches(rows, signal);
  const lines: string[] = [];
  let batchCount = 0;
  for (;;) {
    const step = await batches.next();
    if (step.done === true) return { ...step.value, lines, batchCount };
    expect(step.value.firstLine).toBe(lines.length + 1);
    lines.push(...step.value.lines.map(String));
    batchCount += 1;
  }
}

async function readContent(content: string): Promise<Reading> {
  writeFileSync(file, content);
  return read(file);
}

function sha256(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}

describe('a data file', () => {
  it('comes by lines, with its size, checksum and line count at the end', async () => {
    const content = 'one\ntwo\n\nfour é\n';
    expect(await readContent(content)).toEqual({
      lines: ['one', 'two', '', 'four é'],
      batchCount: 1,
      sizeBytes: Buffer.byteLength(content),
      sha256: sha256(content),
      lineCount: 4,
      endsWithNewline: true,
    });
  });

  it('may be empty', async () => {
    expect(await readContent('')).toEqual({
      lines: [],
      batchCount: 0,
      sizeBytes: 0,
      sha256: sha256(''),
      lineCount: 0,
      endsWithNewline: true,
    });
  });

  it('without a newline at its end gives the last line and says so', async () => {
    expect(await readContent('one\ntwo')).toMatchObject({
      lines: ['one', 'two'],
      lineCount: 2,
      endsWithNewline: false,
      sha256: sha256('one\ntwo'),
    });
  });

  it('keeps carriage returns and other line separators within lines', async () => {
    expect((await readContent('a\r\nb\u2028c\n')).lines).toEqual(['a\r', 'b\u2028c']);
  });

  it('may have lines longer than what is read at once', async () => {
    const long = 'é'.repeat(1_500_000);
    const reading = await readContent(`first\n${long}\nlast\n`);
    expect(reading.lines.map((line) => line.length)).toEqual([5, 1_500_000, 4]);
    expect(reading.lines[1] === long).toBe(true);
    expect(reading.batchCount).toBeGreaterThan(1);
  });

  it('gives the same lines wherever the ends of reads fall', { timeout: 60_000 }, async () => {
    const lengths = fc.array(
      fc.constantFrom(0, 1, 1000, 65_536, 131_071, 262_143, 262_144, 262_145),
      {
        minLength: 1,
        maxLength: 8,
      },
    );
    await fc.assert(
      fc.asyncProperty(lengths, fc.boolean(), async (lengths, endsWithNewline) => {
        const lines = lengths.map((length, index) =>
          String.fromCharCode(97 + index).repeat(length),
        );
        const content = lines.join('\n') + (endsWithNewline ? '\n' : '');
        const reading = await readContent(content);
        const hasOpenEnd = !endsWithNewline && lines.at(-1) !== '';
        const expected = endsWithNewline || hasOpenEnd ? lines : lines.slice(0, -1);
        expect(reading.lines.map(sha256)).toEqual(expected.map(sha256));
        expect(reading.sha256).toBe(sha256(content));
        expect(reading.endsWithNewline).toBe(!hasOpenEnd);
      }),
      { numRuns: 40 },
    );
  });
});

it('stops when it is told to', async () => {
  writeFileSync(file, 'one\n');
  await expect(read(file, AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
});

it.skipIf(process.platform === 'win32')('does not follow a symbolic link', async () => {
  writeFileSync(file, 'one\n');
  const link = join(folder, 'link.ndjson');
  symlinkSync(file, link);
  await expect(read(link)).rejects.toMatchObject({
    code: 'artifact-unreadable',
    cause: { code: 'ELOOP' },
  });
});
