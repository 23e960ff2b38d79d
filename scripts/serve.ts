import { main } from './lib/cli/main.ts';

await main(async () => {
  const { serveScript } = await import('./lib/cli/commands/serve.ts');
  const { runScript } = await import('./lib/cli/run.ts');
  return () => runScript(serveScript);
});
