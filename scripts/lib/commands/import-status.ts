import type pg from 'pg';

import { ToolkitError } from '../model/errors.ts';
import type { CommandContext } from '../model/progress.ts';
import { parseTargetUrl } from '../target/connection-config.ts';
import {
  connectTarget,
  explainFault,
  type TargetSession,
  type Timeouts,
} from '../target/connect.ts';
import { listSchemas } from '../target/introspect.ts';
import { findHolder, lockSchema } from '../target/journal/run-lock.ts';
import { readRuns } from '../target/journal/runs.ts';
import { hasJournal, removeJournal } from '../target/journal/tables.ts';
import { describeRuns, type StatusResult } from './import-runs.ts';

/** How a DBA tells the sessions that ask the journal, or take a run back. */
const JOURNAL_APPLICATION = 'sqlite-migration journal';

export interface JournalOptions {
  readonly target: string;
  /** Only runs into this schema; without it, into the one that the URL names, else into all. */
  readonly schema?: string | undefined;
  readonly timeouts?: Timeouts | undefined;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Tells what the journal of a target holds: every run, the latest first, and how far one is that is
 * running. Reads only.
 *
 * @throws ToolkitError of kind `target` when the target cannot be asked
 */
export async function importStatus(
  options: JournalOptions,
  context: CommandContext,
): Promise<StatusResult> {
  return withSession(options, context, async (session, schema) => {
    const { client, label } = session;
    const runs = (await hasJournal(client)) ? await readRuns(client, schema) : [];
    const described = await describeRuns(session, runs);
    const schemas = schema === null ? await listSchemas(client) : [schema];
    const sessions = await findImporters(client, schemas);
    return {
      action: 'status',
      target: label,
      sessions,
      takenBack: [],
      runs: described,
      findings: [],
    };
  });
}

/** The sessions that hold the lock of a schema: importing, or checking before that. */
async function findImporters(
  client: pg.Client,
  schemas: readonly string[],
): Promise<StatusResult['sessions']> {
  const sessions: StatusResult['sessions'] = [];
  for (const schema of schemas) {
    const holder = await findHolder(client, schema);
    if (holder !== null) sessions.push({ schema, ...holder });
  }
  return sessions;
}

/**
 * Removes the journal with its history, of all schemas, unless an import is running.
 *
 * @throws ToolkitError of kind `target` when one is, or the role may not
 */
export async function forgetRuns(
  options: JournalOptions,
  context: CommandContext,
): Promise<StatusResult> {
  return withSession(options, context, async (session) => {
    const { client, label } = session;
    for (const schema of await listSchemas(client)) await lockSchema(client, schema);
    const described = (await isReadable(client))
      ? await describeRuns(session, await readRuns(client, null))
      : [];
    await removeJournal(client);
    return {
      action: 'forget',
      target: label,
      sessions: [],
      takenBack: [],
      runs: described,
      findings: [],
    };
  });
}

/** A journal of another version can be removed and not read. */
async function isReadable(client: pg.Client): Promise<boolean> {
  try {
    return await hasJournal(client);
  } catch (error) {
    if (error instanceof ToolkitError && error.code === 'journal-version') return false;
    throw error;
  }
}

/**
 * Opens a session for work on the journal, and closes it.
 *
 * @param work gets the schema that the runs are to be of; null for any
 */
export async function withSession<Result>(
  options: JournalOptions,
  context: CommandContext,
  work: (session: TargetSession, schema: string | null) => Promise<Result>,
): Promise<Result> {
  const address = parseTargetUrl(options.target, options.env);
  const session = await connectTarget(
    address,
    JOURNAL_APPLICATION,
    context.signal,
    options.timeouts,
  );
  try {
    return await work(session, options.schema ?? address.schema ?? null);
  } catch (error) {
    throw explainFault(error, session.label);
  } finally {
    await session.close();
  }
}
