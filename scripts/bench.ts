import { main } from './lib/cli/main.ts';

await main(async () => {
  const { benchScript } = await import('./lib/cli/commands/bench.ts');
  const { runScript } = await import('./lib/cli/run.ts');
  return () => runScript(benchScript);
});
