import { main } from './lib/cli/main.ts';

await main(async () => {
  const { buildSampleScript } = await import('./lib/cli/commands/build-sample.ts');
  const { runScript } = await import('./lib/cli/run.ts');
  return () => runScript(buildSampleScript);
});
