import { uuid } from '../ids.ts';
import type { Random } from '../../model/random.ts';
import { asIsoText, asMilliseconds, type StoredRow } from '../stored.ts';
import { type References, sometimes } from './references.ts';

const FIRST_LOG = asMilliseconds('2024-06-12T04:00:00.000Z');

/** `count` calls of a model, numbered on from `lastId`. */
export function* aiUsageLogRows(
  random: Random,
  references: References,
  count: number,
  lastId: number,
): Generator<StoredRow> {
  for (let index = 0; index < count; index += 1) {
    const createdAt = FIRST_LOG + index * 60_013;
    const provider = random.pick(references.providers);
    yield {
      id: lastId + 1 + index,
      organization_id: random.pick(references.organizations).id,
      user_id: sometimes(random, 0.8, () => random.pick(references.users).id),
      provider_id: provider.id,
      model: random.pick(['balanced-2', 'general-large', 'rack/7b-q4']),
      prompt_tokens: random.integer(12, 90_000),
      completion_tokens: random.integer(0, 4_000),
      cost: random.integer(0, 250_000_00) / 100_000_000,
      latency_ms: random.fraction() * 9_000,
      succeeded: random.chance(0.97) ? 1 : 0,
      metadata: sometimes(random, 0.3, () => `{"retries":${index % 3},"temperature":0.70}`),
      created_at: index % 8 === 7 ? asIsoText(createdAt) : createdAt,
    };
  }
}

const OUTCOMES = ['succeeded', 'succeeded', 'succeeded', 'partially-succeeded', 'failed'] as const;

/** `count` synchronizations, numbered on from `lastId`. */
export function* syncLogRows(
  random: Random,
  references: References,
  count: number,
  lastId: number,
): Generator<StoredRow> {
  for (let index = 0; index < count; index += 1) {
    const api = random.pick(references.apis);
    const status = index === count - 1 ? 'running' : random.pick(OUTCOMES);
    const startedAt = FIRST_LOG + index * 3_600_000;
    const read = random.integer(0, 5_000);
    const failed = status === 'succeeded' ? 0 : random.integer(0, read);
    yield {
      id: lastId + 1 + index,
      organization_id: api.organization_id,
      api_configuration_id: sometimes(random, 0.9, () => api.id),
      status,
      records_read: read,
      records_written: read - failed,
      records_failed: failed,
      bytes_received: BigInt(read) * 2_147_483_648n,
      error_message: status === 'failed' ? 'ECONNRESET\n\tat "read" \\ 10.0.0.7:443' : null,
      details: sometimes(
        random,
        0.4,
        () => `{"pages":${random.integer(1, 90)},"etag":"W/\\"${index}\\""}`,
      ),
      started_at: startedAt,
      finished_at: status === 'running' ? null : startedAt + random.integer(200, 900_000),
      correlation_id: sometimes(random, 0.8, () => uuid(`sync ${index}`)),
    };
  }
}
