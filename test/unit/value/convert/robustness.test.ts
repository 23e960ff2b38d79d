import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedText } from '../../../../scripts/lib/model/values.ts';
import { Misfit, type NonNullValue } from '../../../../scripts/lib/value/convert/converter.ts';
import { BASE_TYPES, converterFor } from '../../../../scripts/lib/value/convert/index.ts';
import { targetType } from '../../../support/catalogs.ts';
import { arrayType, conversionContext } from '../../../support/converted.ts';
import { anyValue } from '../../../support/values.ts';

const PIECES = [
  '0|1|12|2024|99999999999999999999|-|+|.|,|:|/|e| |T|P|PT|Y|M|D|H|S|Z|day|mons|constructor|__proto__|BC',
  '{|}|[|]|"|\\|\\u0000|\\ud800|\\udc00|null|true|::|ff|\u0000|😀|\n|urn:uuid:',
  '2024-01-31|12:00|10.0.0.1|08:00:2b:01:02:03',
].flatMap((pieces) => pieces.split('|'));
const pieced = fc.array(fc.constantFrom(...PIECES), { maxLength: 9 }).map((all) => all.join(''));
const values: fc.Arbitrary<NonNullValue> = fc.oneof(
  pieced,
  pieced.map((text) => new MalformedText(Buffer.from(text, 'utf16le'))),
  anyValue.filter((value): value is NonNullValue => value !== null),
);
const contexts = fc.record({
  timeUnit: fc.constantFrom(null, 's', 'ms', 'us', 'julian_day'),
  readsNumericText: fc.boolean(),
  timeZone: fc.constantFrom('UTC', 'Europe/Berlin'),
  dateFormat: fc.constantFrom(null, 'YYYY-MM-DD', 'D.M.YYYY H:mm', 'HH:mm:ss.SSSSSSSS Z'),
  sourceEncoding: fc.constantFrom('UTF-8', 'UTF-16le', 'UTF-16be'),
});

describe.each(Object.keys(BASE_TYPES))('%s', (name) => {
  it('and its arrays take any value or say why not, and so do their remedies', () => {
    const types = [targetType(name), arrayType(targetType(name))];
    fc.assert(
      fc.property(fc.constantFrom(...types), values, contexts, (type, value, context) => {
        let result = converterFor(type, conversionContext(context))?.(value);
        for (let steps = 0; result instanceof Misfit && result.remedy !== undefined; steps += 1) {
          expect(steps).toBeLessThan(5);
          result = result.remedy.apply();
        }
        expect(typeof result === 'string' || result instanceof Misfit).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
