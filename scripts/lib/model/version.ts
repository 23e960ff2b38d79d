import { readFileSync } from 'node:fs';

import * as z from 'zod';

const packageJson = new URL('../../../package.json', import.meta.url);

/** The toolkit's own version, from package.json. */
export const TOOL_VERSION = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(packageJson, 'utf8'))).version;
