import { findNodeAtLocation, parseTree, type Node, type ParseError } from 'jsonc-parser';

import type { MappingFault, MappingPath } from './faults.ts';

/** JSON text as values, with the places of what stands in it. */
export interface ParsedJson {
  readonly value: unknown;
  /** Why the text cannot be taken for what it says; empty when it can. */
  readonly faults: readonly MappingFault[];
  /** The line of a place, from 1; of what is around it where the place itself is not there. */
  readonly lineOf: (path: MappingPath) => number;
}

/** What stands where something else should; by jsonc-parser's ParseErrorCode, from 1. */
const SYNTAX_FAULTS: readonly string[] = [
  'something is neither a text in quotes, a number, true, false nor null',
  'a number is not written as JSON has it',
  'the name of a key, in double quotes, should stand here',
  'a value should stand here',
  'a colon should stand here',
  'a comma should stand here',
  'a closing } should stand here',
  'a closing ] should stand here',
  'something stands behind the end',
  'a comment is not of the form // … or /* … */',
  'a comment has no end',
  'a text has no closing quote',
  'a number has no end',
  String.raw`\u is not followed by four hexadecimal digits`,
  'a backslash is followed by a character that JSON does not know',
  'a control character stands inside a text',
];

/**
 * Reads JSON, in which comments and trailing commas may stand. Whole numbers that a double does not
 * hold exactly become a bigint.
 */
export function parseJson(text: string): ParsedJson {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const lineAt = (offset: number): number => text.slice(0, offset).split('\n').length;
  const [error] = errors;
  if (root === undefined || error !== undefined) {
    const isEmpty = text.trim() === '';
    const message = isEmpty ? 'the file is empty' : syntaxFault(error);
    const line = isEmpty ? 1 : lineAt(error?.offset ?? 0);
    return { value: undefined, faults: [{ path: [], line, message }], lineOf: () => line };
  }
  const faults: MappingFault[] = [];
  const report = (path: MappingPath, offset: number, message: string): void => {
    faults.push({ path, line: lineAt(offset), message });
  };
  const value = valueOf(root, [], text, report);
  return { value, faults, lineOf: (path) => lineAt(offsetOf(root, path)) };
}

function syntaxFault(error: ParseError | undefined): string {
  const reason = SYNTAX_FAULTS[(error?.error ?? 0) - 1] ?? 'it cannot be read';
  return `it is not JSON: ${reason}`;
}

function offsetOf(root: Node, path: MappingPath): number {
  for (let depth = path.length; depth > 0; depth--) {
    const node = findNodeAtLocation(root, path.slice(0, depth));
    if (node !== undefined) {
      return (node.parent?.type === 'property' ? node.parent : node).offset;
    }
  }
  return root.offset;
}

type Report = (path: MappingPath, offset: number, message: string) => void;

function valueOf(node: Node, path: MappingPath, text: string, report: Report): unknown {
  switch (node.type) {
    case 'object':
      return objectOf(node, path, text, report);
    case 'array':
      return (node.children ?? []).map((child, index) =>
        valueOf(child, [...path, index], text, report),
      );
    case 'number':
      return numberOf(text.slice(node.offset, node.offset + node.length));
    default:
      return node.value;
  }
}

function objectOf(
  node: Node,
  path: MappingPath,
  text: string,
  report: Report,
): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const { children = [], offset } of node.children ?? []) {
    const [name, value] = children;
    const key = String(name?.value);
    const place = [...path, key];
    // JavaScript gives such a key a meaning of its own, so that it would be lost.
    if (key === '__proto__') report(place, offset, 'this name cannot stand in a mapping');
    else if (Object.hasOwn(object, key)) report(place, offset, 'the key stands here a second time');
    else if (value !== undefined) object[key] = valueOf(value, place, text, report);
  }
  return object;
}

function numberOf(token: string): number | bigint {
  const number = Number(token);
  return /^-?\d+$/.test(token) && !Number.isSafeInteger(number) ? BigInt(token) : number;
}
