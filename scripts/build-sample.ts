import { buildSampleScript } from './lib/cli/commands/build-sample.ts';
import { runScript } from './lib/cli/run.ts';

await runScript(buildSampleScript);
