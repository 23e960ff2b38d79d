/** A piece of SQLite's SQL. Names and texts come without their quotes. */
export interface Token {
  readonly kind: 'word' | 'name' | 'text' | 'number' | 'blob' | 'symbol' | 'parameter';
  /** What it says: of a word as written, of a name or a text what stands between the quotes. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const PATTERNS: readonly (readonly [Token['kind'] | null, RegExp])[] = [
  [null, /\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?(?:\*\/|$)/y],
  ['blob', /[xX]'(?:[0-9a-fA-F]{2})*'/y],
  ['text', /'(?:[^']|'')*'/y],
  ['name', /"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]/y],
  ['number', /0[xX][0-9a-fA-F]+|(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y],
  ['word', /[A-Za-z_\u0080-\u{10ffff}][A-Za-z0-9_$\u0080-\u{10ffff}]*/uy],
  ['symbol', /\|\||->>|->|<<|>>|<=|>=|<>|!=|==|[-+*/%&|~<>=(),.;]/y],
  ['parameter', /[?:@$#][A-Za-z0-9_]*/y],
];

/**
 * Cuts SQL as SQLite does; white space and comments are left out.
 *
 * Source: https://www.sqlite.org/lang_expr.html, https://www.sqlite.org/lang_keywords.html
 *
 * @returns null where a piece is none that SQLite knows
 */
export function tokensOf(sql: string): readonly Token[] | null {
  const tokens: Token[] = [];
  let start = 0;
  while (start < sql.length) {
    const found = nextToken(sql, start);
    if (found === null) return null;
    const [kind, end] = found;
    if (kind !== null)
      tokens.push({ kind, text: contentOf(kind, sql.slice(start, end)), start, end });
    start = end;
  }
  return tokens;
}

function nextToken(sql: string, start: number): readonly [Token['kind'] | null, number] | null {
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = start;
    const match = pattern.exec(sql);
    if (match !== null) return [kind, start + match[0].length];
  }
  return null;
}

function contentOf(kind: Token['kind'], written: string): string {
  switch (kind) {
    case 'name':
    case 'text': {
      const quote = written.slice(-1);
      const inner = written.slice(1, -1);
      return quote === ']' ? inner : inner.replaceAll(quote + quote, quote);
    }
    case 'blob':
      return written.slice(2, -1);
    case 'word':
    case 'number':
    case 'symbol':
    case 'parameter':
      return written;
    default:
      return kind satisfies never;
  }
}

/** Whether a token is this keyword, written without quotes. */
export function isKeyword(token: Token | undefined, ...keywords: readonly string[]): boolean {
  return token?.kind === 'word' && keywords.includes(token.text.toUpperCase());
}

/** Whether a token is this sign. */
export function isSymbol(token: Token | undefined, symbol: string): boolean {
  return token?.kind === 'symbol' && token.text === symbol;
}
