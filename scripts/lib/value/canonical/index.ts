import type { TargetType } from '../../model/target-catalog.ts';
import { arrayForm } from './arrays.ts';
import { float4Form, float8Form } from './floats.ts';
import { SAME, type CanonicalForm } from './form.ts';
import { intervalText } from './intervals.ts';
import { jsonbForm } from './json.ts';
import { cidrText, inetText, macaddrText } from './networks.ts';
import { zonedTimeText, withoutEndingZeros } from './times.ts';

/** Forms by `pg_type.typname`; all other types are written by PostgreSQL as the converters write them. */
const FORMS: Readonly<Record<string, CanonicalForm>> = {
  numeric: { ...SAME, sql: (value) => `pg_catalog.trim_scale(${value})` },
  float4: float4Form,
  float8: float8Form,
  bpchar: {
    ...SAME,
    sql: (value) => `(${value})::pg_catalog.text`,
    text: (converted) => converted.replace(/ +$/, ''),
  },
  date: SAME,
  time: { ...SAME, text: withoutEndingZeros },
  timetz: { ...SAME, text: zonedTimeText },
  timestamp: { ...SAME, text: withoutEndingZeros },
  timestamptz: { ...SAME, text: withoutEndingZeros },
  interval: { ...SAME, text: intervalText },
  jsonb: jsonbForm,
  inet: { ...SAME, text: inetText },
  cidr: { ...SAME, text: cidrText },
  macaddr: { ...SAME, text: macaddrText },
};

/**
 * The canonical form of a type that a converter knows: values of one meaning have one text, whether
 * PostgreSQL writes it or it is made of what a converter wrote.
 */
export function canonicalForm(type: TargetType): CanonicalForm {
  if (type.kind === 'array' && type.element !== null) {
    return arrayForm(canonicalForm(type.element));
  }
  if (type.kind !== 'base' || !Object.hasOwn(FORMS, type.name)) return SAME;
  return FORMS[type.name] ?? SAME;
}

/** The form of a computed column: json, which two engines space differently, counts as jsonb. */
export function computedForm(type: TargetType): CanonicalForm {
  if (type.kind !== 'base' || type.name !== 'json') return canonicalForm(type);
  return { ...jsonbForm, sql: (value) => jsonbForm.sql(`(${value})::pg_catalog.jsonb`) };
}
