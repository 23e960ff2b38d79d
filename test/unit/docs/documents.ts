import { readFileSync, readdirSync } from 'node:fs';
import { DOCUMENTS, projectPath } from '../../../scripts/lib/docs/documents.ts';

/** The text of a document, or of any file of the project. */
export function readText(file: string): string {
  return readFileSync(projectPath(file), 'utf8');
}

/** Every document with its text. */
export const documents: readonly { readonly file: string; readonly text: string }[] = DOCUMENTS.map(
  (file) => ({ file, text: readText(file) }),
);

/** All sources below a folder, as paths from the project's root. */
export function sourcesBelow(folder: string): string[] {
  return readdirSync(projectPath(folder), { recursive: true, encoding: 'utf8' })
    .map((file) => `${folder}/${file.replaceAll('\\', '/')}`)
    .filter((file) => /\.(?:ts|mjs)$/.test(file));
}

/** The text between a heading and the next one of the same or a higher level. */
export function sectionOf(text: string, heading: string): string {
  const lines = text.split('\n');
  const start = lines.indexOf(heading);
  if (start === -1) throw new Error(`There is no heading "${heading}".`);
  const level = heading.indexOf(' ');
  const length = lines
    .slice(start + 1)
    .findIndex((line) => /^#+ /.test(line) && line.indexOf(' ') <= level);
  return lines.slice(start + 1, length === -1 ? undefined : start + 1 + length).join('\n');
}

/** The rows of all tables in a text, without headers, each as its cells. */
export function tableRows(text: string): string[][] {
  const lines = text.split('\n').map((line) => line.trim());
  return lines
    .filter((line, index) => {
      const isHeader = /^\|[ -|]*---/.test(lines[index + 1] ?? '');
      return line.startsWith('|') && !/^\|\s*-+/.test(line) && !isHeader;
    })
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

/** Everything in a text that is set as code, in a line or as a block. */
export function codeIn(text: string): string {
  return [...text.matchAll(/^ *```[^\n]*\n(.*?)^ *```$|`([^`\n]+)`/gms)]
    .map(([, block, span]) => block ?? span ?? '')
    .join('\n');
}
