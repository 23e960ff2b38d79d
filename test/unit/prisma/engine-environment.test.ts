import { accessSync, constants } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  ENGINE_LAUNCHER,
  useWasmSchemaEngine,
} from '../../../scripts/lib/prisma/engine-environment.ts';

function environmentAfter(
  before: Readonly<Record<string, string>>,
  platform: NodeJS.Platform,
): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { ...before };
  useWasmSchemaEngine(environment, platform);
  return environment;
}

describe('useWasmSchemaEngine', () => {
  test('names the launcher, which can be executed', () => {
    expect(environmentAfter({}, 'linux')['PRISMA_SCHEMA_ENGINE_BINARY']).toBe(ENGINE_LAUNCHER);
    expect(() => accessSync(ENGINE_LAUNCHER, constants.X_OK)).not.toThrow();
  });

  test('keeps the engine that the user has named', () => {
    const environment = environmentAfter({ PRISMA_SCHEMA_ENGINE_BINARY: '/opt/engine' }, 'linux');
    expect(environment['PRISMA_SCHEMA_ENGINE_BINARY']).toBe('/opt/engine');
  });

  test("leaves Prisma its own engine when asked to, and on Windows, where the launcher can't be started", () => {
    const native = environmentAfter({ PRISMA_NATIVE_SCHEMA_ENGINE: '1' }, 'linux');
    expect(native).not.toHaveProperty('PRISMA_SCHEMA_ENGINE_BINARY');
    expect(environmentAfter({}, 'win32')).not.toHaveProperty('PRISMA_SCHEMA_ENGINE_BINARY');
  });

  test('turns the check for updates off, unless the user has set it', () => {
    expect(environmentAfter({}, 'linux')['CHECKPOINT_DISABLE']).toBe('1');
    expect(environmentAfter({ CHECKPOINT_DISABLE: '' }, 'linux')['CHECKPOINT_DISABLE']).toBe('');
  });
});
