/**
 * Text for OpenMetrics and for the older format of Prometheus alike, which is what the textfile
 * collector of node_exporter reads. So there are gauges and counters only (the older one knows no
 * `info`), no time stamps (the collector refuses them), and a counter's metadata has no `_total`, which
 * leaves it untyped for the collector.
 *
 * Source: https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export interface MetricFamily {
  /** Without `_total`. */
  readonly name: string;
  readonly type: 'gauge' | 'counter';
  readonly help: string;
  readonly samples: readonly Sample[];
}

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Writes families as text; those without a sample are left out. */
export function renderFamilies(families: readonly MetricFamily[]): string {
  return `${families.map(renderFamily).join('')}# EOF\n`;
}

function renderFamily({ name, type, help, samples }: MetricFamily): string {
  if (samples.length === 0) return '';
  const [, unit] = /_(seconds|bytes)$/.exec(name) ?? [];
  const sampleName = type === 'counter' ? `${name}_total` : name;
  const lines = [
    `# TYPE ${name} ${type}`,
    ...(unit === undefined ? [] : [`# UNIT ${name} ${unit}`]),
    `# HELP ${name} ${escapeHelp(help)}`,
    ...samples.map(({ labels, value }) => `${sampleName}${renderLabels(labels)} ${value}`),
  ];
  return `${lines.join('\n')}\n`;
}

function renderLabels(labels: Sample['labels']): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', String.raw`\\`).replaceAll('\n', String.raw`\n`);
}

/** What a label's value is between its quotes; lone surrogates, which UTF-8 does not have, are replaced. */
export function escapeLabel(value: string): string {
  return escapeHelp(value.toWellFormed()).replaceAll('"', String.raw`\"`);
}
