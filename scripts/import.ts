import { importScript } from './lib/cli/commands/import.ts';
import { runScript } from './lib/cli/run.ts';

await runScript(importScript);
