import { main } from './lib/cli/main.ts';

await main(async () => {
  const { verifyScript } = await import('./lib/cli/commands/verify.ts');
  const { runScript } = await import('./lib/cli/run.ts');
  return () => runScript(verifyScript);
});
