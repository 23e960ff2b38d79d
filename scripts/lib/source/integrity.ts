import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import * as z from 'zod';

import { programArguments } from '../launch/program.ts';
import { ToolkitError } from '../model/errors.ts';
import { MAX_EXAMPLES } from '../model/findings.ts';

const integritySchema = z.object({
  /** What integrity_check said; empty when it found nothing. */
  messages: z.array(z.string()),
  /** Broken references by foreign key, as foreign_key_check counts them. */
  orphans: z.array(
    z.object({
      table: z.string(),
      parentTable: z.string(),
      columns: z.array(z.string()),
      total: z.number(),
      examples: z.array(z.object({ rowKey: z.string().optional(), detail: z.string() })),
    }),
  ),
  /** Tables whose foreign keys SQLite itself cannot check, with its reason. */
  unresolvable: z.array(z.object({ table: z.string(), message: z.string() })),
});

/** What SQLite's own checks say of a database. */
export type Integrity = z.infer<typeof integritySchema>;

/** integrity_check stops after so many messages. */
const MAX_MESSAGES = 100;
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;
const run = promisify(execFile);

/**
 * Runs `integrity_check` and `foreign_key_check` in a process of its own, because SQLite holds its
 * thread until they end and Ctrl-C has to work meanwhile.
 *
 * Source: https://www.sqlite.org/pragma.html#pragma_integrity_check
 */
export async function checkIntegrity(path: string, signal: AbortSignal): Promise<Integrity> {
  const program = programArguments(new URL('integrity-process.ts', import.meta.url));
  try {
    const { stdout } = await run(
      process.execPath,
      [...program, path, String(MAX_EXAMPLES), String(MAX_MESSAGES)],
      {
        signal,
        killSignal: 'SIGKILL',
        maxBuffer: MAX_OUTPUT_BYTES,
      },
    );
    return integritySchema.parse(JSON.parse(stdout));
  } catch (error) {
    signal.throwIfAborted();
    const stderr = z.object({ stderr: z.string() }).safeParse(error).data?.stderr.trim();
    throw new ToolkitError({
      kind: 'source',
      code: 'source-check-failed',
      message: `SQLite could not check the file: ${stderr === undefined || stderr === '' ? String(error) : stderr}`,
      where: { file: path },
      hint: 'the file may be badly damaged: try `sqlite3 FILE .recover` on a copy',
      cause: error,
    });
  }
}
