import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { describe, expect, test } from 'vitest';

import { temporaryFolder } from '../support/temp.ts';

const TSX = join(
  dirname(createRequire(import.meta.url).resolve('tsx/package.json')),
  'dist/cli.mjs',
);

/** Starts a script as `npx tsx` does. */
function start(name: string, args: readonly string[]) {
  const script = fileURLToPath(new URL(`../../scripts/${name}.ts`, import.meta.url));
  return spawn(process.execPath, [TSX, script, ...args], {
    cwd: temporaryFolder(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

describe('a script under the tsx command', () => {
  test('ends with the exit code of the script, and says what it says', async () => {
    const child = start('verify', ['nowhere']);
    const said = text(child.stderr);
    const [exitCode] = (await once(child, 'close')) as [number];
    expect(await said).toContain('nowhere');
    expect(exitCode).toBe(11);
  });

  test('hears Ctrl-C and ends cleanly', async () => {
    const child = start('serve', ['--port', '0']);
    try {
      await once(child.stderr, 'data');
      child.kill('SIGINT');
      const [exitCode] = (await once(child, 'close')) as [number | null];
      expect(exitCode).toBe(0);
    } finally {
      child.kill('SIGKILL');
    }
  });
});
