import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import Database from 'better-sqlite3';

import { ToolkitError } from '../model/errors.ts';

const CLAIMS_FILE = 'claims.db';
const WAIT_MS = 10_000;

/** A run that wants to begin. */
export interface Claim {
  readonly runId: string;
  /** What it wants for itself alone; null when it disturbs no other. */
  readonly target: { readonly key: string; readonly name: string } | null;
}

interface ClaimRow {
  readonly run_id: string;
  readonly target: string | null;
}

/**
 * Begins a run unless another one has its target, or too many are at work. Who has what stands in a
 * SQLite database: its lock holds for every server that shares the folder, and goes with a process that is
 * killed.
 *
 * @param isAtWork whether a run still is
 * @param begin is called with the claim in hand; when it throws, the claim is given back
 * @throws ToolkitError of kind `usage` when it cannot begin now
 */
export function withClaim<Result>(
  { runs, maxRuns }: { readonly runs: string; readonly maxRuns: number },
  { runId, target }: Claim,
  isAtWork: (runId: string) => boolean,
  begin: () => Result,
): Result {
  mkdirSync(runs, { recursive: true, mode: 0o700 });
  const database = new Database(join(runs, CLAIMS_FILE), { timeout: WAIT_MS });
  try {
    database.exec('CREATE TABLE IF NOT EXISTS claims (run_id TEXT PRIMARY KEY, target TEXT)');
    return database
      .transaction(() => {
        const held = dropEnded(database, isAtWork);
        const holder = held.find((row) => target !== null && row.target === target.key);
        if (holder !== undefined && target !== null) throw busy(target.name, holder.run_id);
        if (held.length >= maxRuns) throw tooMany(maxRuns);
        database
          .prepare('INSERT INTO claims (run_id, target) VALUES (?, ?)')
          .run(runId, target?.key ?? null);
        return begin();
      })
      .immediate();
  } finally {
    database.close();
  }
}

function dropEnded(
  database: Database.Database,
  isAtWork: (runId: string) => boolean,
): readonly ClaimRow[] {
  const rows = database.prepare<[], ClaimRow>('SELECT run_id, target FROM claims').all();
  const drop = database.prepare('DELETE FROM claims WHERE run_id = ?');
  return rows.filter(({ run_id: runId }) => {
    const isHeld = isAtWork(runId);
    if (!isHeld) drop.run(runId);
    return isHeld;
  });
}

function busy(target: string, runId: string): ToolkitError {
  return new ToolkitError({
    kind: 'usage',
    code: 'target-busy',
    message: `the target ${target} is in use: the run ${runId} is at work on it`,
    hint: `wait for its end, or stop it: POST /api/v1/migration/${runId}/stop`,
  });
}

function tooMany(maxRuns: number): ToolkitError {
  return new ToolkitError({
    kind: 'usage',
    code: 'too-many-runs',
    message: `${maxRuns} runs are at work already`,
    hint: 'wait for one to end, or raise maxRuns in the configuration',
  });
}
