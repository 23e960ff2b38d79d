import { main } from './lib/cli/main.ts';

await main(async () => {
  const { analyzeScript } = await import('./lib/cli/commands/analyze.ts');
  const { runScript } = await import('./lib/cli/run.ts');
  return () => runScript(analyzeScript);
});
