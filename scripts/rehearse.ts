import { rehearseScript } from './lib/cli/commands/rehearse.ts';
import { runScript } from './lib/cli/run.ts';

await runScript(rehearseScript);
