import { main } from './lib/cli/main.ts';

await main(async () => {
  const { rehearseScript } = await import('./lib/cli/commands/rehearse.ts');
  const { runScript } = await import('./lib/cli/run.ts');
  return () => runScript(rehearseScript);
});
