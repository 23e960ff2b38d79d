import { analyzeScript } from './lib/cli/commands/analyze.ts';
import { runScript } from './lib/cli/run.ts';

await runScript(analyzeScript);
