import { main } from './lib/cli/main.ts';

await main(async () => {
  const { exportScript } = await import('./lib/cli/commands/export.ts');
  const { runScript } = await import('./lib/cli/run.ts');
  return () => runScript(exportScript);
});
