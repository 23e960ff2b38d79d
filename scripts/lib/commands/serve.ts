import type { CommandContext } from '../model/progress.ts';
import type { CommandResult } from '../model/reports/parts.ts';
import type { ServeReport } from '../model/reports/serve.ts';
import { isLoopback, readConfig, type ServeOptions } from '../serve/config.ts';
import { startServer, untilAborted } from '../serve/server.ts';

/**
 * Serves the page and the API until the signal aborts. Runs that were started go on without it.
 *
 * @throws ToolkitError of kind `usage` when the configuration or the address cannot be
 */
export async function serve(
  options: ServeOptions,
  { signal, progress }: CommandContext,
): Promise<CommandResult<ServeReport>> {
  const config = await readConfig(options);
  const server = await startServer(config, (error) => {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    progress.note(`bug ${stack}`);
  });
  try {
    progress.note(`the page is at ${server.url}`);
    progress.note(describeTargets(config.targets.map(({ name }) => name)));
    if (!isLoopback(config.host)) {
      progress.note(
        `WARNING: ${config.host} can be reached from other machines, and what passes is not encrypted: whoever has the token can load, empty and roll back the targets`,
      );
    }
    progress.note('Ctrl-C stops the server; runs that were started go on');
    await untilAborted(signal);
  } finally {
    await server.close();
  }
  return { url: server.url, targets: config.targets.map(({ name }) => name), findings: [] };
}

function describeTargets(names: readonly string[]): string {
  return names.length === 0
    ? 'targets: none; set DATABASE_URL, or name some in serve.json'
    : `targets: ${names.join(', ')}`;
}
