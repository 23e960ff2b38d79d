import { describe, expect, it } from 'vitest';
import { parseCommandLine, type CommandLine } from '../../../scripts/lib/cli/command-line.ts';
import { analyzeScript } from '../../../scripts/lib/cli/commands/analyze.ts';
import { exportScript } from '../../../scripts/lib/cli/commands/export.ts';
import { importScript } from '../../../scripts/lib/cli/commands/import.ts';
import { verifyScript } from '../../../scripts/lib/cli/commands/verify.ts';
import type { FlagSet } from '../../../scripts/lib/cli/flags.ts';
import {
  NOT_OFFERED,
  OFFERED_STAGES,
  SET_BY_SERVER,
  argvOf,
  offeredStage,
  optionsSchema,
} from '../../../scripts/lib/serve/offered.ts';
import { API } from '../../../scripts/lib/serve/operation.ts';
import { openApiDocument } from '../../../scripts/lib/serve/openapi.ts';
import { renderPage } from '../../../scripts/lib/serve/page/page.ts';
import { RUN_OPERATIONS } from '../../../scripts/lib/serve/run-operations.ts';

const SCRIPTS = {
  analyze: analyzeScript.commandLine,
  export: exportScript.commandLine,
  verify: verifyScript.commandLine,
  import: importScript.commandLine,
};

const page = renderPage();

/** The names of the fields in a stage's form, in their order. */
function fieldsOfForm(stage: string): string[] {
  const [, form = ''] = new RegExp(`<form data-stage="${stage}"(.*?)</form>`, 's').exec(page) ?? [];
  return [...form.matchAll(/\bname="(\w+)" data-kind=/g)].map(([, name = '']) => name);
}

interface StageBody {
  readonly properties: {
    readonly stage: { readonly const: string };
    readonly options: { readonly properties: object };
  };
}

/** The names of a stage's options in the OpenAPI document. */
function optionsInDocument(stage: string): string[] {
  const { paths } = openApiDocument(RUN_OPERATIONS);
  const body = paths[`${API}/start`]?.['post']?.requestBody?.content['application/json']?.schema;
  const { oneOf } = body as { oneOf: readonly StageBody[] };
  const found = oneOf.find(({ properties }) => properties.stage.const === stage);
  return Object.keys(found?.properties.options.properties ?? {});
}

describe.each(OFFERED_STAGES)('the options of $stage', ({ stage, options, takesArtifact }) => {
  const offered = options.map(({ name }) => name);

  it('are its flags, but for those that are left out for a reason', () => {
    const leftOut = Object.keys(NOT_OFFERED[stage]);
    expect([...offered, ...leftOut].toSorted()).toEqual(
      Object.keys(SCRIPTS[stage].flags).toSorted(),
    );
    expect(offered.filter((name) => SET_BY_SERVER.includes(name))).toEqual([]);
    expect(Object.values(NOT_OFFERED[stage]).filter((reason) => reason === '')).toEqual([]);
  });

  it('stand in the form and in the OpenAPI document', () => {
    expect(fieldsOfForm(stage).toSorted()).toEqual(offered.toSorted());
    expect(optionsInDocument(stage)).toEqual(offered);
  });

  it('let no request name a path or a URL', () => {
    const flags: FlagSet = SCRIPTS[stage].flags;
    const paths = options
      .filter(({ control }) => control.kind === 'text')
      .filter(({ name }) =>
        /^(?:FILE|DIR|PATH|URL|ARTIFACT)$/.test(flags[name]?.placeholder ?? ''),
      );
    expect(paths.map(({ name }) => name)).toEqual([]);
  });

  it('have a control whose values the script takes', () => {
    for (const { name, control } of options) {
      const value = {
        text: 'a word',
        'name-of': 'a name',
        switch: true,
        names: ['a', 'b c'],
        number: 3,
        'new-artifact': 'new',
        choice: control.kind === 'choice' ? control.words[0] : '',
      }[control.kind];
      const argv = argvOf(stage, takesArtifact ? 'shop' : undefined, { [name]: value });
      const commandLine: CommandLine<FlagSet> = SCRIPTS[stage];
      const flags = new Map(Object.entries(parseCommandLine(commandLine, argv).flags));
      // A flag that may be repeated has a list of one.
      expect([name, [flags.get(name)].flat()]).toEqual([name, [value].flat()]);
    }
  });
});

describe('options', () => {
  const importing = optionsSchema(offeredStage('import'));

  it.each([
    ['a flag that is not offered', { target: 't', forget: true }],
    ['a flag of every script', { target: 't', progressFile: '/etc/passwd' }],
    ['one that there is not', { target: 't', dryrun: true }],
    ['a number as text', { target: 't', jobs: '2' }],
    ['a number below the least', { target: 't', jobs: 0 }],
    ['a word that is none of the choice', { target: 't', onConflict: 'drop' }],
    ['a name with a comma, which would be two', { target: 't', tables: ['a,b'] }],
    ['a control character', { target: 't', schema: 'a\0b' }],
    ['no target', {}],
  ])('refuse %s', (_case, options) => {
    expect(importing.safeParse(options).success).toBe(false);
  });

  it.each(['../outside', '/etc/passwd', '.hidden', 'a/b', String.raw`a\b`, ''])(
    'refuse %j as the name of a new artifact',
    (out) => {
      const exporting = optionsSchema(offeredStage('export'));
      expect(exporting.safeParse({ source: 's', out }).success).toBe(false);
    },
  );

  it('that begin with a hyphen stay values', () => {
    const argv = argvOf('import', '--target', { target: '--truncate', schema: '-x' });
    const { argument, flags } = parseCommandLine(importScript.commandLine, argv);
    expect({ argument, ...flags }).toMatchObject({
      argument: '--target',
      target: '--truncate',
      schema: '-x',
      truncate: false,
    });
  });
});
