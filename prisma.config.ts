import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'prisma/config';
import { useWasmSchemaEngine } from './scripts/lib/prisma/engine-environment.ts';

// What the environment has set already stays as it is.
const envFile = fileURLToPath(new URL('.env', import.meta.url));
if (existsSync(envFile)) process.loadEnvFile(envFile);

useWasmSchemaEngine(process.env);

// Not Prisma's `env()`, which throws where a variable is missing: `generate`, `validate` and `format` need none.
const {
  DATABASE_URL: url,
  SHADOW_DATABASE_URL: shadowDatabaseUrl,
  PRISMA_SCHEMA: schema,
  PRISMA_MIGRATIONS: migrations,
} = process.env;

export default defineConfig({
  schema: schema ? resolve(schema) : 'prisma/schema.prisma',
  // Without a path: the folder beside the schema, also where `--schema` names another.
  ...(migrations ? { migrations: { path: resolve(migrations) } } : {}),
  datasource: {
    ...(url ? { url } : {}),
    ...(shadowDatabaseUrl ? { shadowDatabaseUrl } : {}),
  },
});
