import * as z from 'zod';

import { flagName } from '../cli/command-line.ts';
import { configSchema } from '../serve/config.ts';
import { NOT_OFFERED } from '../serve/offered.ts';
import { OPERATIONS } from '../serve/server.ts';
import { markdownTable } from './markdown-table.ts';

/** Every route of the server. */
export function routeTable(): string {
  return markdownTable(
    ['route', 'what it does'],
    OPERATIONS.map(({ method, path, summary }) => [`\`${method} ${path}\``, summary]),
  );
}

/** Every key of the server's configuration. */
export function configTable(): string {
  const { properties = {} } = z.toJSONSchema(configSchema, { io: 'input' });
  const keys = Object.entries(properties).filter(([key]) => key !== '$schema');
  return markdownTable(
    ['key', 'default', 'meaning'],
    keys.map(([key, schema]) => {
      const { default: fallback, description = '' } = typeof schema === 'boolean' ? {} : schema;
      const shown = fallback === undefined ? 'see there' : `\`${JSON.stringify(fallback)}\``;
      return [`\`${key}\``, shown, description];
    }),
  );
}

/** The flags that the server does not offer. */
export function notOfferedTable(): string {
  const rows = Object.entries(NOT_OFFERED).flatMap(([stage, flags]) =>
    Object.entries(flags).map(([name, reason]) => [stage, `\`${flagName(name)}\``, reason]),
  );
  return markdownTable(['script', 'flag', 'why not'], rows);
}
