import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { runPrisma } from '../../scripts/lib/prisma/cli.ts';

const GENERATED = fileURLToPath(new URL('../../prisma/generated', import.meta.url));

/**
 * A folder of the calling test file's own, removed after its last test. It is within the project, for generated
 * code imports the runtime of @prisma/client.
 */
export function clientsFolder(): string {
  mkdirSync(GENERATED, { recursive: true });
  const folder = mkdtempSync(join(GENERATED, 'test-'));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/**
 * Runs the real `prisma generate` into a new folder below `parent`.
 *
 * @param schema its generators write to folders beside it, such as `./client`
 * @returns that new folder
 */
export async function generateClients(schema: string, parent: string): Promise<string> {
  const folder = mkdtempSync(join(parent, 'client-'));
  const schemaPath = join(folder, 'schema.prisma');
  writeFileSync(schemaPath, schema);
  const generated = await runPrisma(['generate'], { schemaPath });
  if (generated.exitCode !== 0) throw new Error(`${generated.stdout}\n${generated.stderr}`);
  return folder;
}
