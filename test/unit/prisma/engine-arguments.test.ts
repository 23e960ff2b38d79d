import { describe, expect, test } from 'vitest';
import { parseEngineArguments } from '../../../scripts/lib/prisma/engine/engine-arguments.ts';

const DATASOURCE = '{"url":"postgresql://a@b/c","shadowDatabaseUrl":"postgresql://a@b/d"}';

describe('parseEngineArguments', () => {
  test('serves JSON-RPC when no command is given', () => {
    expect(parseEngineArguments(['--datamodels', 'a.prisma', '--datamodels', 'b.prisma'])).toEqual({
      command: 'rpc',
      schemaFiles: ['a.prisma', 'b.prisma'],
      url: undefined,
      shadowUrl: undefined,
    });
  });

  test('takes both databases from the datasource', () => {
    expect(parseEngineArguments(['--datasource', DATASOURCE])).toMatchObject({
      url: 'postgresql://a@b/c',
      shadowUrl: 'postgresql://a@b/d',
    });
  });

  test('reads over the options that mean nothing to it, and their values', () => {
    const argv = [
      '--enabled-preview-features',
      'views',
      '--extension-types',
      '{}',
      '-d',
      'a.prisma',
    ];
    expect(parseEngineArguments(argv)).toMatchObject({ command: 'rpc', schemaFiles: ['a.prisma'] });
  });

  test.each(['can-connect-to-database', 'create-database'] as const)('knows cli %s', (command) => {
    const argv = ['--datasource', DATASOURCE, 'cli', command];
    expect(parseEngineArguments(argv).command).toBe(command);
  });

  test('tells its version', () => {
    expect(parseEngineArguments(['--version']).command).toBe('version');
  });

  test.each([
    { argv: ['cli', 'drop-everything'], message: 'Unknown command: cli drop-everything.' },
    { argv: ['--datasource'], message: 'The option --datasource needs a value.' },
  ])('refuses $argv', ({ argv, message }) => {
    expect(() => parseEngineArguments(argv)).toThrow(message);
  });

  test('does not quote a datasource that it cannot read', () => {
    const url = 'postgresql://me:secret@host/db';
    expect(() => parseEngineArguments(['--datasource', url])).toThrow(
      /^The option --datasource is not JSON of the form \{"url":"…"\}\.$/,
    );
  });
});
