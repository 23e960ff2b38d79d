import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectPath } from '../../../scripts/lib/docs/documents.ts';
import { codeIn, documents, readText } from './documents.ts';

/** What GitHub makes of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

function anchorsIn(file: string): string[] {
  return [...readText(file).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading));
}

const linksIn = (text: string): string[] =>
  [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !link.startsWith('https://'));

/** Paths into the project that stand as code; what `exports` holds is made at run time. */
const pathsIn = (text: string): string[] =>
  (codeIn(text).match(/(?<![\w./-])(?:scripts|test|prisma|\.ci)\/[\w./-]*/g) ?? []).map((path) =>
    path.replace(/\.$/, ''),
  );

describe.each(documents)('in $file', ({ file, text }) => {
  it('every relative link leads to a file, and its anchor to a heading', () => {
    const broken = linksIn(text).filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? file : posix.join(posix.dirname(file), path);
      if (!existsSync(projectPath(target))) return true;
      return anchor !== undefined && !anchorsIn(target).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it('every path of the project exists', () => {
    expect(pathsIn(text).filter((path) => !existsSync(projectPath(path)))).toEqual([]);
  });
});

it('every npm script that a document names is in package.json', () => {
  const { scripts } = JSON.parse(readText('package.json')) as { scripts: Record<string, string> };
  const named = documents.flatMap(({ text }) =>
    [...codeIn(text).matchAll(/\bnpm run ([a-z:-]+)/g)].map(([, name = '']) => name),
  );
  expect([...new Set(named)].filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
});
