import { serve } from '../../commands/serve.ts';
import type { ServeReport } from '../../model/reports/serve.ts';
import { DEFAULT_CONFIG_FILE } from '../../serve/config.ts';
import { optionalText, optionalWholeNumber, valueFlag } from '../flags.ts';
import { formatDuration } from '../format.ts';
import type { Script } from '../run.ts';

const MAX_PORT = 65_535;

const flags = {
  config: valueFlag(
    'FILE',
    'folders, targets, address and token: JSON, in which comments may stand',
    optionalText,
    `${DEFAULT_CONFIG_FILE} in the current folder, where there is one`,
  ),
  host: valueFlag(
    'ADDRESS',
    'the address to listen on; one that other machines reach needs a token',
    optionalText,
    'the one of the configuration, else 127.0.0.1',
  ),
  port: valueFlag(
    'N',
    'the port to listen on; 0 for any free one',
    optionalWholeNumber(0, MAX_PORT),
    'the one of the configuration, else 4780',
  ),
} as const;

/** `npm run serve` */
export const serveScript: Script<typeof flags, ServeReport> = {
  commandLine: {
    name: 'serve',
    summary:
      'Serves a page and an API on this machine, from which the scripts are started and watched. A run is a process of its own: it goes on when the page or the server is closed.',
    flags,
    examples: [
      'npm run serve',
      'npm run serve -- --config serve.json --port 8080',
      'SERVE_TOKEN="$(openssl rand -hex 24)" npm run serve -- --host 0.0.0.0',
    ],
  },
  run: ({ flags: { config, host, port } }, context, env) =>
    serve({ config, host, port, env }, context),
  exitCode: () => 0,
  summarize: ({ elapsedMs }) => [
    `the server has stopped after ${formatDuration(elapsedMs)}; runs that were started go on`,
  ],
  whenInterrupted: 'the server has stopped; runs that were started go on',
};
