import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { interrupt, isAlive, spawnScript } from '../../../scripts/lib/serve/run-process.ts';
import { runFiles } from '../../../scripts/lib/serve/run-record.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();
const files = runFiles(folder, 'run');
mkdirSync(files.folder);

it('a script is started in a session of its own, with its report and its words in files', async () => {
  const argv = ['--source', join(folder, 'absent.db'), '--json'];
  const mark = spawnScript('analyze', argv, files, { SECRET_URL: undefined });
  expect(isAlive(mark)).toBe(true);
  while (isAlive(mark)) await setTimeout(50);
  expect(JSON.parse(readFileSync(files.report, 'utf8'))).toMatchObject({
    exitCode: 10,
    error: { code: 'source-missing' },
  });
  expect(readFileSync(files.log, 'utf8')).toMatch(/does not exist/);
  expect(interrupt(mark)).toBe(false);
});

it('another process with the same number is not taken for it', async () => {
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  const ended = once(other, 'exit');
  try {
    const pid = other.pid ?? 0;
    expect(isAlive({ pid, startedAt: null })).toBe(true);
    expect(isAlive({ pid, startedAt: 'another time' })).toBe(false);
    expect(interrupt({ pid, startedAt: 'another time' })).toBe(false);
    expect(other.exitCode).toBeNull();
  } finally {
    other.kill('SIGKILL');
    await ended;
  }
  expect(isAlive({ pid: 0, startedAt: null })).toBe(false);
});
