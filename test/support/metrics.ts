/** The lines of metrics as text that are samples. */
export function sampleLines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

/** The labels of a sample, as they stand in its line. */
export function labelsOf(line: string): Record<string, string> {
  return Object.fromEntries(
    [...line.matchAll(/([a-z_]+)="((?:[^"\\]|\\.)*)"/g)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  );
}

/** The value of the one sample that has this name and these labels. */
export function sampleValue(
  text: string,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number {
  const found = sampleLines(text).filter((line) => {
    const has = labelsOf(line);
    return (
      line.startsWith(`${name}{`) &&
      Object.entries(labels).every(([label, value]) => has[label] === value)
    );
  });
  const [line = ''] = found;
  if (found.length !== 1) throw new Error(`There are ${found.length} samples of ${name}.`);
  return Number(line.slice(line.lastIndexOf(' ') + 1));
}
