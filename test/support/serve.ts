import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { ToolkitError } from '../../scripts/lib/model/errors.ts';
import type { ServeConfig } from '../../scripts/lib/serve/config.ts';
import { API } from '../../scripts/lib/serve/operation.ts';
import type { Problem } from '../../scripts/lib/serve/problem.ts';
import type { ListedRun } from '../../scripts/lib/serve/run-store.ts';
import { hasEnded, type RunStatus } from '../../scripts/lib/serve/run-status.ts';
import { startServer } from '../../scripts/lib/serve/server.ts';
import type { TestDatabase } from './database.ts';

/** What a server answered. */
export interface Answered {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  readonly json: () => unknown;
}

/** A server that a test asks. */
export interface Asked {
  /** Ends with a slash. */
  readonly url: string;
  /** @param path below the API for migrations, or from the root when it begins with `//` */
  readonly get: (path: string, headers?: Record<string, string>) => Promise<Answered>;
  readonly post: (
    path: string,
    body: unknown,
    headers?: Record<string, string>,
  ) => Promise<Answered>;
}

/** Asks a server that listens at `url`. */
export function askServer(url: string): Asked {
  const ask = async (path: string, init: RequestInit): Promise<Answered> => {
    const full = path.startsWith('//') ? path.slice(1) : `${API}${path}`;
    const response = await fetch(new URL(full, url), init);
    const text = await response.text();
    return {
      status: response.status,
      type: response.headers.get('content-type') ?? '',
      text,
      json: () => JSON.parse(text) as unknown,
    };
  };
  return {
    url,
    get: async (path, headers = {}) => ask(path, { headers }),
    post: async (path, body, headers = {}) =>
      ask(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
  };
}

/** A configuration whose folders are all in one. */
export function servedFolder(folder: string, more: Partial<ServeConfig> = {}): ServeConfig {
  const [sources, artifacts] = ['sources', 'artifacts'].map((name) => {
    mkdirSync(join(folder, name), { recursive: true });
    return join(folder, name);
  });
  return {
    sources: [sources ?? ''],
    artifacts: [artifacts ?? ''],
    mappings: [folder],
    runs: join(folder, 'runs'),
    targets: [],
    host: '127.0.0.1',
    port: 0,
    token: null,
    allowedHosts: [],
    maxRuns: 4,
    secretVariables: [],
    ...more,
  };
}

/** A server in this process; a bug of it is thrown when it is closed. */
export async function serveInProcess(
  config: ServeConfig,
): Promise<Asked & { readonly close: () => Promise<void> }> {
  const bugs: unknown[] = [];
  const server = await startServer(config, (error) => bugs.push(error));
  return {
    ...askServer(server.url),
    close: async () => {
      await server.close();
      if (bugs.length > 0) throw new AggregateError(bugs, 'the server had bugs');
    },
  };
}

/** How a run stands once it is as wanted. */
export async function statusWhen(
  { get }: Asked,
  id: string,
  isWanted: (status: RunStatus) => boolean,
): Promise<RunStatus> {
  for (;;) {
    const status = (await get(`/${id}/status`)).json() as RunStatus;
    if (isWanted(status)) return status;
    if (hasEnded(status.state)) {
      throw new Error(`the run has ended otherwise: ${JSON.stringify(status, null, 2)}`);
    }
    await setTimeout(100);
  }
}

/** How a run stands at its end. */
export async function statusAtEnd(server: Asked, id: string): Promise<RunStatus> {
  return statusWhen(server, id, ({ state }) => hasEnded(state));
}

/** The runs that there are, the latest first. */
export async function runsOf({ get }: Asked): Promise<readonly ListedRun[]> {
  return ((await get('')).json() as { runs: ListedRun[] }).runs;
}

/** The id of a run that was begun. */
export function begun({ status, text, json }: Answered): string {
  if (status !== 202) throw new Error(`it was not begun: ${text}`);
  return (json() as { id: string }).id;
}

/** What stands in the way. */
export function problemIn({ json }: Answered): Problem {
  return json() as Problem;
}

/** The code of the error that something throws; null when it throws none. */
export function codeOf(work: () => unknown): string | null {
  try {
    work();
    return null;
  } catch (error) {
    if (error instanceof ToolkitError) return error.code;
    throw error;
  }
}

/** Does something while everyone else who wants a table waits. */
export async function whileLocked<T>(
  { url }: TestDatabase,
  table: string,
  work: () => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
    return await work();
  } finally {
    await client.end();
  }
}

/** Waits until some session waits for a table that {@link whileLocked} has. */
export async function comesToLock({ query }: TestDatabase): Promise<void> {
  for (;;) {
    const waiting = await query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    if (waiting.length > 0) return;
    await setTimeout(50);
  }
}
