import { nameBasedUuid } from '../../support/name-based-uuid.ts';
import type { SourceValue } from '../../support/source-file.ts';

export type App = 'core' | 'math' | 'reading' | 'comprehension';

/** A column of the target: how a query shows it, and what that must be for a value of the source. */
interface Kind {
  readonly sql: (column: string) => string;
  readonly expected: (value: SourceValue) => unknown;
}

const asText = (column: string): string => `${column}::text`;
const MICROSECONDS = 'YYYY-MM-DD HH24:MI:SS.US';
const momentSql = (column: string): string =>
  `to_char(${column} AT TIME ZONE 'UTC', '${MICROSECONDS}')`;

/** `2025-01-01 00:00:00.000001`, from a text with six, three, one or no decimals. */
function moment(value: SourceValue): string {
  const text = String(value);
  const [, seconds = '', fraction = '', zone = ''] =
    /^(.{19})(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?$/.exec(text) ?? [];
  const shifted = new Date(`${seconds.replace(' ', 'T')}${zone === '' ? 'Z' : zone}`);
  return `${shifted.toISOString().slice(0, 19).replace('T', ' ')}.${fraction.padEnd(6, '0')}`;
}

function ofEpoch(value: SourceValue, unitMs: number): string {
  return `${new Date(Number(value) * unitMs).toISOString().slice(0, 23).replace('T', ' ')}000`;
}

const KINDS = {
  text: { sql: asText, expected: String },
  /** Also of digits in a text. */
  integer: { sql: asText, expected: String },
  boolean: { sql: asText, expected: (value) => String(value === 1n || value === 'yes') },
  float: { sql: (column) => column, expected: Number },
  decimal: {
    sql: (column) => `trim_scale(${column})::text`,
    expected: (value) => String(Number(value)),
  },
  day: { sql: asText, expected: String },
  clock: { sql: asText, expected: (value) => String(value).slice(0, 8) },
  moment: { sql: momentSql, expected: moment },
  milliseconds: { sql: momentSql, expected: (value) => ofEpoch(value, 1) },
  seconds: { sql: momentSql, expected: (value) => ofEpoch(value, 1000) },
  json: { sql: (column) => column, expected: (value) => JSON.parse(String(value)) as unknown },
  jsonOfText: { sql: (column) => column, expected: String },
  bytes: {
    sql: (column) => `encode(${column}, 'hex')`,
    expected: (value) => Buffer.from(value as Uint8Array).toString('hex'),
  },
  questionId: {
    sql: asText,
    expected: (value) => nameBasedUuid('3c0f1a52-6d0e-4a86-9d3b-0f6f5b7a8e21', String(value)),
  },
} as const satisfies Readonly<Record<string, Kind>>;

export interface ExpectedTable {
  readonly app: App;
  readonly source: string;
  readonly target: string;
  readonly rowCount: number;
  /** By target column, its kind and the source column's name where that is another. */
  readonly columns: Readonly<
    Record<string, keyof typeof KINDS | readonly [keyof typeof KINDS, string]>
  >;
}

/** The query that shows a table of the target, each column in the form of {@link expectedRow}. */
export function targetSql({ target, columns }: ExpectedTable): string {
  const shown = Object.entries(columns).map(([name, said]) => {
    return `${kindOf(said).sql(`"${name}"`)} AS "${name}"`;
  });
  return `SELECT ${shown.join(', ')} FROM "${target}"`;
}

/** What a row of the source must have become. */
export function expectedRow(
  { columns }: ExpectedTable,
  row: Readonly<Record<string, SourceValue>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(columns).map(([name, said]) => {
      const value = row[typeof said === 'string' ? name : said[1]] ?? null;
      return [name, value === null ? null : kindOf(said).expected(value)];
    }),
  );
}

function kindOf(said: ExpectedTable['columns'][string]): Kind {
  return KINDS[typeof said === 'string' ? said : said[0]];
}

const key = { id: 'integer', user_id: 'integer' } as const;

/** All 34 tables, each of their columns among them. */
export const EXPECTED: readonly ExpectedTable[] = [
  table('core', 'users', 5, {
    id: 'integer',
    username: 'text',
    email: 'text',
    password_hash: 'text',
    is_active: 'boolean',
    created_at: 'moment',
    last_login: 'moment',
  }),
  table('core', 'user_profiles', 5, {
    user_id: 'integer',
    display_name: 'text',
    birth_date: 'day',
    avatar: 'bytes',
    preferences: 'json',
    timezone: 'text',
  }),
  table('core', 'user_xp', 4, {
    user_id: 'integer',
    total_xp: 'integer',
    level: 'integer',
    updated_at: 'moment',
  }),
  table('core', 'xp_log', 400, {
    ...key,
    app: 'text',
    amount: 'integer',
    reason: 'text',
    created_at: 'moment',
  }),
  table('core', 'user_streak', 3, {
    user_id: 'integer',
    current_streak: 'integer',
    longest_streak: 'integer',
    last_active: 'day',
  }),
  table('core', 'achievement', 3, {
    id: 'integer',
    code: 'text',
    title: 'text',
    description: 'text',
    criteria: 'json',
    xp_reward: 'integer',
  }),
  table('core', 'user_achievement', 4, {
    user_id: 'integer',
    achievement_id: 'integer',
    earned_at: 'moment',
  }),
  table('core', 'app_progress', 4, {
    ...key,
    app: 'text',
    percent_complete: 'decimal',
    minutes_spent: 'float',
    last_opened: 'moment',
  }),
  table('core', 'subject_mastery', 3, {
    user_id: 'integer',
    subject: 'text',
    score: 'float',
    samples: 'integer',
  }),
  table('core', 'learning_goal', 4, {
    ...key,
    parent_id: 'integer',
    title: 'text',
    target: 'integer',
    due_date: 'day',
    remind_at: 'clock',
    is_done: 'boolean',
  }),
  table('core', 'user_note', 2, {
    ...key,
    body: ['text', 'text'],
    tags: 'json',
    created_at: 'moment',
  }),
  table('core', 'activity_log_entry', 600, {
    ...key,
    action: 'text',
    detail: 'json',
    occurred_at: 'moment',
  }),
  table('math', 'math_problem', 120, {
    id: 'integer',
    operation: 'text',
    expression: 'text',
    answer: 'decimal',
    difficulty: 'integer',
  }),
  table('math', 'session_result', 90, {
    ...key,
    mode: 'text',
    score: 'float',
    correct: 'integer',
    total: 'integer',
    started_at: 'milliseconds',
    finished_at: 'milliseconds',
  }),
  table('math', 'question_history', 1200, {
    ...key,
    session_id: 'integer',
    problem_id: 'integer',
    given_answer: 'text',
    is_correct: 'boolean',
    seconds: 'float',
    answered_at: 'milliseconds',
  }),
  table('math', 'mistake', 3, {
    ...key,
    problem_id: 'integer',
    kind: 'text',
    count: 'integer',
    last_seen: 'milliseconds',
  }),
  table('math', 'mastery', 3, {
    user_id: 'integer',
    operation: 'text',
    level: 'integer',
    accuracy: 'float',
  }),
  table('math', 'learning_profile', 2, { user_id: 'integer', pace: 'float', preferences: 'json' }),
  table('math', 'performance_pattern', 3, {
    ...key,
    hour_of_day: 'integer',
    weekday: 'integer',
    accuracy: 'float',
  }),
  table('math', 'repetition_schedule', 3, {
    user_id: 'integer',
    problem_id: 'integer',
    interval: 'integer',
    ease: 'decimal',
    due_on: 'day',
  }),
  table('reading', 'word', 150, {
    id: 'integer',
    text: 'text',
    phonetic: 'text',
    difficulty: 'float',
    audio: 'bytes',
  }),
  table('reading', 'reading_result', 80, {
    ...key,
    expected_text: 'text',
    recognized_text: 'text',
    accuracy: 'float',
    words_per_minute: 'float',
    created_at: 'moment',
  }),
  table('reading', 'word_performance', 140, {
    user_id: 'integer',
    word_id: 'integer',
    correct: 'integer',
    wrong: 'integer',
    last_seen: 'moment',
  }),
  table('reading', 'quiz', 2, {
    id: 'integer',
    title: 'text',
    pass_score: 'integer',
    created_at: 'moment',
  }),
  {
    ...table('reading', 'question', 3, {
      id: 'integer',
      quiz_id: 'integer',
      position: 'integer',
      prompt: 'text',
      choices: 'json',
      correct_choice: 'integer',
    }),
    target: 'reading_question',
  },
  table('reading', 'quiz_attempt', 3, {
    ...key,
    quiz_id: 'integer',
    score: 'integer',
    answers: 'json',
    passed: 'boolean',
    taken_at: 'moment',
  }),
  table('reading', 'reading_learning_profile', 2, {
    user_id: 'integer',
    reading_level: 'float',
    weak_sounds: 'json',
  }),
  table('reading', 'reading_streak', 2, {
    user_id: 'integer',
    current: 'integer',
    longest: 'integer',
    last_read_on: 'day',
  }),
  table('comprehension', 'question_type', 3, { id: 'integer', name: 'text' }),
  table('comprehension', 'subject', 3, { id: 'integer', name: 'text' }),
  table('comprehension', 'difficulty_level', 3, { id: 'integer', name: 'text', weight: 'float' }),
  {
    ...table('comprehension', 'question', 3, {
      id: 'questionId',
      type_id: 'integer',
      subject_id: 'integer',
      difficulty_id: 'integer',
      body: ['text', 'text'],
      correct_answer: 'jsonOfText',
      explanation: 'text',
    }),
    target: 'comprehension_question',
  },
  table('comprehension', 'user_progress', 60, {
    ...key,
    question_id: 'questionId',
    is_correct: 'boolean',
    confidence: 'float',
    answered_at: 'seconds',
  }),
  table('comprehension', 'user_stats', 3, {
    user_id: 'integer',
    questions_seen: 'integer',
    average_score: 'decimal',
    best_subject: 'text',
  }),
];

function table(
  app: App,
  name: string,
  rowCount: number,
  columns: ExpectedTable['columns'],
): ExpectedTable {
  return { app, source: name, target: name, rowCount, columns };
}
