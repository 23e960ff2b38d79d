/** Latin letters that no accent can be taken off. */
const WITHOUT_ACCENT: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  Æ: 'AE',
  œ: 'oe',
  Œ: 'OE',
  ø: 'o',
  Ø: 'O',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  þ: 'th',
  ı: 'i',
};

/**
 * The words of a name, in lower case: parted by case, digits' ends, and everything that is neither
 * letter nor digit. Accents are taken off; letters of other scripts are left out.
 */
export function wordsOf(name: string): string[] {
  const latin = name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^ -~]/gu, (letter) => WITHOUT_ACCENT[letter] ?? letter)
    .replaceAll(/[^A-Za-z0-9]+/g, ' ')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2');
  return latin
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
}

/** `order line` → `OrderLine`. */
export function pascalCase(words: readonly string[]): string {
  return words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('');
}

/** `order line` → `orderLine`. */
export function camelCase(words: readonly string[]): string {
  const pascal = pascalCase(words);
  return pascal.slice(0, 1).toLowerCase() + pascal.slice(1);
}

/** `order line` → `order_line`. */
export function snakeCase(words: readonly string[]): string {
  return words.join('_');
}

const IRREGULAR: ReadonlyMap<string, string> = new Map([
  ['people', 'person'],
  ['children', 'child'],
  ['men', 'man'],
  ['women', 'woman'],
  ['mice', 'mouse'],
  ['feet', 'foot'],
  ['indices', 'index'],
  ['matrices', 'matrix'],
  ['vertices', 'vertex'],
  ['analyses', 'analysis'],
  ['criteria', 'criterion'],
  ['movies', 'movie'],
  ['cookies', 'cookie'],
  ['caches', 'cache'],
]);
const IRREGULAR_PLURALS: ReadonlyMap<string, string> = new Map(
  [...IRREGULAR].map(([plural, singular]) => [singular, plural]),
);
const SAME_IN_BOTH: ReadonlySet<string> = new Set(
  'data news series species media meta metadata address access status bus gas lens process business class settings preferences analytics sms dns https os is'
    .split(' ')
    .concat(['info', 'history', 'feedback', 'equipment']),
);
/** Words that look like plurals of these endings, and are singular. */
const SINGULAR_END = /(?:ss|us|is|as|os)$/;

/** The singular of an English noun, as far as its ending tells. */
export function singular(word: string): string {
  const irregular = IRREGULAR.get(word);
  if (irregular !== undefined) return irregular;
  if (SAME_IN_BOTH.has(word) || word.length < 4) return word;
  if (/[^aeiou]ies$/.test(word)) return `${word.slice(0, -3)}y`;
  if (/(?:ss|sh|ch|x|zz|[^aeo]us)es$/.test(word)) return word.slice(0, -2);
  if (SINGULAR_END.test(word) || !word.endsWith('s')) return word;
  return word.slice(0, -1);
}

/** The plural of an English noun, as far as its ending tells. */
export function plural(word: string): string {
  const irregular = IRREGULAR_PLURALS.get(word);
  if (irregular !== undefined) return irregular;
  if (singular(word) !== word) return word;
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return /(?:s|sh|ch|x|z)$/.test(word) ? `${word}es` : `${word}s`;
}

/** The same words with the last one changed. */
export function withLast(
  words: readonly string[],
  change: (word: string) => string,
): readonly string[] {
  return words.map((word, index) => (index === words.length - 1 ? change(word) : word));
}
