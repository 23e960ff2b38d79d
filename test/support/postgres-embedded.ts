import { ToolkitError } from '../../scripts/lib/model/errors.ts';
import { startEmbeddedPostgres } from '../../scripts/lib/postgres/embedded.ts';
import type { StartedServer, Unavailable } from './postgres-server.ts';

/** Test databases need not outlive a power cut. */
export const FAST_AND_LOOSE_SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
} as const;

/** Starts the embedded PostgreSQL with the settings of tests. */
export async function startEmbeddedServer(): Promise<StartedServer | Unavailable> {
  try {
    const server = await startEmbeddedPostgres({ settings: FAST_AND_LOOSE_SETTINGS });
    return {
      url: server.url,
      description: `embedded ${server.version}`,
      stop: server.stop,
    };
  } catch (error) {
    if (!(error instanceof ToolkitError)) throw error;
    return { unavailable: `no embedded PostgreSQL: ${error.message}` };
  }
}
