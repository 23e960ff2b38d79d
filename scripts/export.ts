import { exportScript } from './lib/cli/commands/export.ts';
import { runScript } from './lib/cli/run.ts';

await runScript(exportScript);
