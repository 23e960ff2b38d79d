import { spawn } from 'node:child_process';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';

import { programArguments } from '../launch/program.ts';
import { serverEnvironment } from './run-program.ts';

/**
 * Sees to it that the server in `dataDirectory` is stopped when this process ends without having done so: by Ctrl-C,
 * an uncaught error or a kill. A handler in this process could not promise that.
 * @param removeDirectory whether the directory goes with it
 * @returns a function that dismisses the guardian, to be called after the server was stopped
 */
export function guardServer(dataDirectory: string, removeDirectory: boolean): () => void {
  const program = programArguments(new URL('guardian.ts', import.meta.url));
  const guardian = spawn(
    process.execPath,
    [...program, dataDirectory, removeDirectory ? 'remove' : 'keep'],
    {
      // A session of its own, so that the terminal's Ctrl-C does not reach it.
      detached: true,
      cwd: tmpdir(),
      env: serverEnvironment(),
      stdio: ['pipe', 'ignore', 'ignore'],
      windowsHide: true,
    },
  );
  // Without a guardian the server still works; what is lost is only the safety net.
  guardian.on('error', () => undefined);
  guardian.stdin.on('error', () => undefined);
  guardian.unref();
  if (guardian.stdin instanceof Socket) guardian.stdin.unref();
  return () => {
    guardian.stdin.destroy();
  };
}
