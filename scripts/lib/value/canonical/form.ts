/** The one text of each value of a type: what PostgreSQL makes of it, and what is made of it here. */
export interface CanonicalForm {
  /** SQL over a value whose output is the canonical text, in a session with the toolkit's settings. */
  readonly sql: (value: string) => string;
  /** The canonical text of the text that a converter of the type wrote. */
  readonly text: (converted: string) => string;
  /** For people, where the canonical text says nothing to them. */
  readonly show: (canonical: string) => string;
}

function asItIs(text: string): string {
  return text;
}

/** The output of the type is canonical, and the converter writes just that. */
export const SAME: CanonicalForm = { sql: asItIs, text: asItIs, show: asItIs };
