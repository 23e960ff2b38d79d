import { isKeyword, isSymbol, tokensOf, type Token } from './tokens.ts';

/** An expression of SQLite, as far as it may mean the same to PostgreSQL. */
export type Expression =
  | { readonly kind: 'column'; readonly name: string }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'null' }
  | { readonly kind: 'not'; readonly operand: Expression }
  | { readonly kind: 'minus'; readonly operand: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'in';
      readonly operand: Expression;
      readonly items: readonly Expression[];
      readonly isNot: boolean;
    }
  | { readonly kind: 'call'; readonly name: string; readonly operands: readonly Expression[] };

export type BinaryOperator =
  'or' | 'and' | '=' | '<>' | 'is' | 'is not' | '<' | '<=' | '>' | '>=' | '+' | '-' | '*' | '||';

/** Operators with two sides by how they bind, the loosest first; NOT binds between AND and `=`. */
const LEVELS: readonly Readonly<Record<string, BinaryOperator>>[] = [
  { OR: 'or' },
  { AND: 'and' },
  { '=': '=', '==': '=', '<>': '<>', '!=': '<>' },
  { '<': '<', '<=': '<=', '>': '>', '>=': '>=' },
  { '+': '+', '-': '-' },
  { '*': '*' },
  { '||': '||' },
];
const NOT_LEVEL = 2;
const EQUALITY_LEVEL = 2;

/**
 * Reads an expression of columns, literals, comparisons, AND, OR, NOT, IN lists, BETWEEN, plain
 * arithmetic and calls.
 *
 * Source: https://www.sqlite.org/lang_expr.html
 *
 * @returns null for anything else
 */
export function parseExpression(sql: string): Expression | null {
  const tokens = tokensOf(sql);
  if (tokens === null) return null;
  const reader = new ExpressionReader(tokens);
  const expression = reader.level(0);
  return reader.isAtEnd ? expression : null;
}

class ExpressionReader {
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get isAtEnd(): boolean {
    return this.#next === this.#tokens.length;
  }

  level(level: number): Expression | null {
    if (level === NOT_LEVEL && this.#takeKeyword('NOT')) {
      const operand = this.level(NOT_LEVEL);
      return operand === null ? null : { kind: 'not', operand };
    }
    const operators = LEVELS[level];
    if (operators === undefined) return this.#operand();
    let left = this.level(level + 1);
    while (left !== null) {
      const special = level === EQUALITY_LEVEL ? this.#test(left) : undefined;
      if (special !== undefined) {
        left = special;
        continue;
      }
      const operator = this.#takeOperator(operators);
      if (operator === null) break;
      const right = this.level(level + 1);
      left = right === null ? null : { kind: 'binary', operator, left, right };
    }
    return left;
  }

  /** IS, IN, BETWEEN, ISNULL and NOTNULL after an operand; undefined where none of them stands. */
  #test(operand: Expression): Expression | null | undefined {
    const nothing: Expression = { kind: 'null' };
    if (this.#takeKeyword('ISNULL')) {
      return { kind: 'binary', operator: 'is', left: operand, right: nothing };
    }
    if (this.#takeKeyword('NOTNULL')) {
      return { kind: 'binary', operator: 'is not', left: operand, right: nothing };
    }
    if (this.#takeKeyword('IS')) {
      const operator = this.#takeKeyword('NOT') ? 'is not' : 'is';
      const right = this.level(EQUALITY_LEVEL + 1);
      return right === null ? null : { kind: 'binary', operator, left: operand, right };
    }
    const isNot = isKeyword(this.#peek(), 'NOT');
    const keyword = this.#tokens[this.#next + (isNot ? 1 : 0)];
    if (isNot && isKeyword(keyword, 'NULL')) {
      this.#next += 2;
      return { kind: 'binary', operator: 'is not', left: operand, right: nothing };
    }
    if (!isKeyword(keyword, 'IN', 'BETWEEN')) return undefined;
    this.#next += isNot ? 2 : 1;
    return isKeyword(keyword, 'IN')
      ? this.#membership(operand, isNot)
      : this.#range(operand, isNot);
  }

  #membership(operand: Expression, isNot: boolean): Expression | null {
    if (!this.#takeSymbol('(')) return null;
    const items = this.#list();
    return items === null || items.length === 0 ? null : { kind: 'in', operand, items, isNot };
  }

  #range(operand: Expression, isNot: boolean): Expression | null {
    const low = this.level(EQUALITY_LEVEL + 1);
    if (low === null || !this.#takeKeyword('AND')) return null;
    const high = this.level(EQUALITY_LEVEL + 1);
    if (high === null) return null;
    const within: Expression = {
      kind: 'binary',
      operator: 'and',
      left: { kind: 'binary', operator: '>=', left: operand, right: low },
      right: { kind: 'binary', operator: '<=', left: operand, right: high },
    };
    return isNot ? { kind: 'not', operand: within } : within;
  }

  #operand(): Expression | null {
    if (this.#takeSymbol('-')) {
      const operand = this.#operand();
      return operand === null ? null : { kind: 'minus', operand };
    }
    if (this.#takeSymbol('+')) return this.#operand();
    if (this.#takeSymbol('(')) {
      const inner = this.level(0);
      return this.#takeSymbol(')') ? inner : null;
    }
    const token = this.#peek();
    if (token === undefined) return null;
    this.#next += 1;
    switch (token.kind) {
      case 'number':
        return { kind: 'number', text: token.text };
      case 'text':
        return { kind: 'text', text: token.text };
      case 'name':
        return this.#column(token.text);
      case 'word':
        return this.#word(token.text);
      case 'blob':
      case 'symbol':
      case 'parameter':
        return null;
      default:
        return token.kind satisfies never;
    }
  }

  #word(word: string): Expression | null {
    if (this.#takeSymbol('(')) {
      const operands = this.#list();
      return operands === null ? null : { kind: 'call', name: word.toLowerCase(), operands };
    }
    switch (word.toUpperCase()) {
      case 'NULL':
        return { kind: 'null' };
      case 'TRUE':
        return { kind: 'number', text: '1' };
      case 'FALSE':
        return { kind: 'number', text: '0' };
      default:
        return NO_COLUMN.has(word.toUpperCase()) ? null : this.#column(word);
    }
  }

  /** A name may have that of its table before it. */
  #column(name: string): Expression | null {
    if (!this.#takeSymbol('.')) return { kind: 'column', name };
    const token = this.#peek();
    this.#next += 1;
    return token?.kind === 'name' || token?.kind === 'word'
      ? { kind: 'column', name: token.text }
      : null;
  }

  /** Expressions up to the bracket that ends them, which is taken. */
  #list(): Expression[] | null {
    const items: Expression[] = [];
    if (this.#takeSymbol(')')) return items;
    for (;;) {
      const item = this.level(0);
      if (item === null) return null;
      items.push(item);
      if (this.#takeSymbol(')')) return items;
      if (!this.#takeSymbol(',')) return null;
    }
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#next];
  }

  #takeSymbol(symbol: string): boolean {
    const isThere = isSymbol(this.#peek(), symbol);
    if (isThere) this.#next += 1;
    return isThere;
  }

  #takeKeyword(keyword: string): boolean {
    const isThere = isKeyword(this.#peek(), keyword);
    if (isThere) this.#next += 1;
    return isThere;
  }

  #takeOperator(operators: Readonly<Record<string, BinaryOperator>>): BinaryOperator | null {
    const token = this.#peek();
    if (token === undefined || (token.kind !== 'symbol' && token.kind !== 'word')) return null;
    const key = token.text.toUpperCase();
    if (!Object.hasOwn(operators, key)) return null;
    this.#next += 1;
    return operators[key] ?? null;
  }
}

/** Words that are no names of columns where they stand without quotes. */
const NO_COLUMN: ReadonlySet<string> = new Set(
  'CASE CAST COLLATE CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP EXISTS RAISE SELECT WHEN'.split(
    ' ',
  ),
);
