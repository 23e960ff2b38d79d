import { mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openMetricsFile } from '../../../scripts/lib/events/metrics-file.ts';
import { openProgressFile } from '../../../scripts/lib/events/progress-file.ts';
import { errorOf } from '../../support/error-of.ts';
import { recordedStream, SUCCESS } from '../../support/events.ts';
import { sampleValue } from '../../support/metrics.ts';
import { createSource } from '../../support/source-file.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();
let files = 0;
function newFile(extension: string): string {
  files += 1;
  mkdirSync(join(folder, String(files)));
  return join(folder, String(files), `app${extension}`);
}

const never = (message: string): never => {
  throw new Error(message);
};

/** The events of a run that ends well. */
function wholeRun(): ReturnType<typeof recordedStream>['events'] {
  const { stream, events } = recordedStream();
  stream.end(SUCCESS);
  return events;
}

const [start, done] = wholeRun();
if (start === undefined || done === undefined) throw new Error('A run has two events.');

describe.each([
  ['progress', openProgressFile],
  ['metrics', openMetricsFile],
] as const)('a %s file', (which, open) => {
  const refusal = async (file: string): Promise<unknown> =>
    errorOf(async () => {
      open(file, never)(start);
    });

  it('is refused where its folder is not', async () => {
    expect(await refusal(join(folder, 'nowhere', 'file'))).toMatchObject({
      kind: 'usage',
      code: 'output-file-unusable',
      message: expect.stringContaining(
        `--${which}-file cannot be written: there is no such folder`,
      ),
      hint: expect.stringContaining('nothing was begun'),
    });
  });

  it('is refused where a folder has its name', async () => {
    expect(await refusal(folder)).toMatchObject({
      code: 'output-file-unusable',
      message: expect.stringContaining('it is a folder'),
    });
  });

  it('does not spoil a file of another kind that has its name', async () => {
    const database = createSource(newFile('.db'), 'CREATE TABLE t (x)');
    const before = readFileSync(database);
    expect(await refusal(database)).toMatchObject({ code: 'output-file-unusable' });
    expect(readFileSync(database).equals(before)).toBe(true);
    expect(readdirSync(dirname(database))).toEqual([basename(database)]);
  });
});

it('a metrics file does not take the place of a link', async () => {
  const file = newFile('.prom');
  symlinkSync(newFile('.txt'), file);
  expect(await errorOf(async () => openMetricsFile(file, never))).toMatchObject({
    message: expect.stringContaining('it is no regular file'),
  });
});

describe('a progress file', () => {
  it('has each event as soon as it is made, after those of earlier runs', () => {
    const file = newFile('.ndjson');
    const take = openProgressFile(file, never);
    take(start);
    expect(readFileSync(file, 'utf8')).toBe(`${JSON.stringify(start)}\n`);
    openProgressFile(file, never)(done);
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(3);
  });

  it('goes on after the half line of a process that was killed', () => {
    const file = newFile('.ndjson');
    writeFileSync(file, `${JSON.stringify(start)}\n{"type":"pro`);
    openProgressFile(file, never)(done);
    expect(readFileSync(file, 'utf8').split('\n').slice(1)).toEqual([
      '{"type":"pro',
      JSON.stringify(done),
      '',
    ]);
  });

  it('says once that events are lost, and goes on', () => {
    const warnings: string[] = [];
    // Every write to it fails as on a full disk.
    const take = openProgressFile('/dev/full', (message) => warnings.push(message));
    take(start);
    take(done);
    expect(warnings).toEqual([
      expect.stringContaining('events are missing in /dev/full: the disk is full'),
    ]);
  });
});

describe('a metrics file', () => {
  const ofRun = 'sqlite_migration_running';
  const success = 'sqlite_migration_last_success_timestamp_seconds';

  it('is there from the first event on, named in its label, and whole at the end', () => {
    const file = newFile('.prom');
    const take = openMetricsFile(file, never);
    take(start);
    expect(sampleValue(readFileSync(file, 'utf8'), ofRun, { migration: 'app' })).toBe(1);
    take(done);
    expect(sampleValue(readFileSync(file, 'utf8'), ofRun)).toBe(0);
    expect(readdirSync(dirname(file))).toEqual(['app.prom']);
  });

  it('keeps the last success through a run that fails', () => {
    const file = newFile('.prom');
    const first = openMetricsFile(file, never);
    for (const event of wholeRun()) first(event);
    const before = sampleValue(readFileSync(file, 'utf8'), success);
    const { stream, events } = recordedStream();
    stream.end({ ...SUCCESS, exitCode: 12, outcome: 'failed' });
    const second = openMetricsFile(file, never);
    for (const event of events) second(event);
    const text = readFileSync(file, 'utf8');
    expect(sampleValue(text, success)).toBe(before);
    expect(sampleValue(text, 'sqlite_migration_outcome', { outcome: 'failed' })).toBe(1);
    expect(sampleValue(text, 'sqlite_migration_exit_code')).toBe(12);
  });

  it('says once that it is not up to date any more, and leaves nothing beside it', () => {
    const file = newFile('.prom');
    const warnings: string[] = [];
    const take = openMetricsFile(file, (message) => warnings.push(message));
    take(start);
    const { length } = readdirSync(dirname(file));
    // Another program puts a folder where the file is.
    rmSync(file);
    mkdirSync(file);
    take(done);
    take(done);
    expect(warnings).toEqual([
      expect.stringContaining(`the metrics in ${file} are not up to date`),
    ]);
    expect(readdirSync(dirname(file))).toHaveLength(length);
  });
});
