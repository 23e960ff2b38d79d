import { cuid } from '../ids.ts';
import type { Random } from '../../model/random.ts';
import { asCiphertext, asIsoText, asMilliseconds, type StoredRow } from '../stored.ts';
import type { OrganizationRow } from './organizations.ts';

/** A stored provider whose id other rows refer to. */
export interface AiProviderRow extends StoredRow {
  readonly id: number;
}

const CREATED = asMilliseconds('2024-03-04T12:00:00.000Z');

/** The three providers left of five: id 2 and id 5 were deleted (see `AUTOINCREMENT_MARKS`). */
export function aiProviderRows(): readonly AiProviderRow[] {
  return [
    {
      id: 1,
      kind: 'openai-compatible',
      name: 'Gateway',
      base_url: 'https://gateway.vanguard.example/v1?tenant=%7Bid%7D&mode=strict',
      default_model: 'general-large',
      context_window: 128_000,
      default_temperature: 0.7,
      input_price: 2.5,
      output_price: 10,
      capabilities: '{"tools":true,"vision":false,"modes":["chat","embed"]}',
      is_enabled: 1,
      created_at: CREATED,
      updated_at: CREATED,
    },
    {
      id: 3,
      kind: 'anthropic',
      name: 'Direct',
      base_url: 'https://direct.vanguard.example',
      default_model: 'balanced',
      context_window: 200_000,
      default_temperature: 1,
      input_price: 3.000001,
      output_price: 15.25,
      capabilities: '{"tools":true,"vision":true,"cache":{"ttlSeconds":300,"discount":0.90}}',
      is_enabled: 1,
      created_at: CREATED + 1,
      updated_at: asIsoText(CREATED + 86_400_999),
    },
    {
      id: 4,
      kind: 'self-hosted',
      name: 'Rack 7 🖥️',
      base_url: 'http://10.0.0.7:8080/',
      default_model: '',
      context_window: 8192,
      default_temperature: 0.30000000000000004,
      input_price: 0,
      output_price: 0.000001,
      capabilities: '[]',
      is_enabled: 0,
      created_at: CREATED + 2,
      updated_at: CREATED + 2,
    },
  ];
}

/** The two organizations with a model and a key of their own. */
export function aiConfigRows(
  random: Random,
  organizations: readonly OrganizationRow[],
): readonly StoredRow[] {
  return [
    {
      id: cuid(random, CREATED, 0),
      organization_id: organizations[3]?.id ?? null,
      provider_id: 3,
      model: 'balanced-2',
      api_key_encrypted: asCiphertext(random.bytes, 51, 'base64'),
      system_prompt: 'You plan equipment.\nAnswer in the user\'s language.\n\n\t- be "brief"\n',
      temperature: 0.2,
      monthly_budget: 1500.1,
      is_enabled: 1,
      created_at: CREATED + 3,
      updated_at: CREATED + 4,
    },
    {
      id: cuid(random, CREATED, 1),
      organization_id: organizations[27]?.id ?? null,
      provider_id: 1,
      model: null,
      api_key_encrypted: asCiphertext(random.bytes, 40, 'hex'),
      system_prompt: null,
      temperature: null,
      monthly_budget: null,
      is_enabled: 0,
      created_at: asIsoText(CREATED + 5),
      updated_at: asIsoText(CREATED + 6),
    },
  ];
}
