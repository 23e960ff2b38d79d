import { main } from './lib/cli/main.ts';

await main(async () => {
  const { importScript } = await import('./lib/cli/commands/import.ts');
  const { runScript } = await import('./lib/cli/run.ts');
  return () => runScript(importScript);
});
