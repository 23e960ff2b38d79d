import { verifyScript } from './lib/cli/commands/verify.ts';
import { runScript } from './lib/cli/run.ts';

await runScript(verifyScript);
