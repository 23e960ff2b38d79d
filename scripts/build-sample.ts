import { parseArgs } from 'node:util';
import { buildSample, DEFAULT_SAMPLE_FILE } from './lib/sample/build.ts';

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: DEFAULT_SAMPLE_FILE },
    rows: { type: 'string', default: '0' },
    force: { type: 'boolean', default: false },
  },
});

const report = await buildSample({
  file: values.out,
  rows: Number(values.rows),
  overwrite: values.force || values.out === DEFAULT_SAMPLE_FILE,
});
for (const { name, rows } of report.tables) process.stdout.write(`${name}  ${rows}\n`);
process.stdout.write(`${report.file}  ${report.sizeBytes} bytes\n`);
