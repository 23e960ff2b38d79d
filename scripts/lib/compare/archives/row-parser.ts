import { LineFault, LineParser } from '../../artifact/line.ts';
import { changedFile } from '../../artifact/unchanged.ts';
import type { Row } from '../../model/values.ts';

/**
 * Makes the function that reads a line back into a row. Every line was found to be one when the
 * artifact was checked; it throws a ToolkitError of kind `artifact` when that is no longer so.
 *
 * @param file the data file, as the error names it
 */
export function rowParser(columnNames: readonly string[], file: string): (line: Buffer) => Row {
  const parser = new LineParser(columnNames);
  return (line) => {
    try {
      return parser.parse(line);
    } catch (error) {
      throw error instanceof LineFault ? changedFile(file) : error;
    }
  };
}
