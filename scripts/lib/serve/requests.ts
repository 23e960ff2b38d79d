import * as z from 'zod';

import {
  OFFERED_STAGES,
  offeredStage,
  optionsSchema,
  type OptionValues,
  type ServedStage,
} from './offered.ts';

const MAX_NAME = 500;

const artifact = z.string().min(1).max(MAX_NAME).describe('name of an artifact');
const confirm = z
  .string()
  .max(MAX_NAME)
  .optional()
  .describe('required: the name of the target, typed by the person who answers for it');

/** What is to be started. */
export interface StageRequest {
  readonly stage: ServedStage;
  readonly artifact?: string | undefined;
  readonly options: OptionValues;
  readonly confirm?: string | undefined;
}

function requestOf(stage: ServedStage): z.ZodObject {
  const offered = offeredStage(stage);
  const options = optionsSchema(offered);
  const hasRequired = offered.options.some(({ isRequired }) => isRequired);
  return z.strictObject({
    ...(offered.takesArtifact ? { artifact } : {}),
    options: (hasRequired ? options : options.prefault({})).describe('the flags of the script'),
    ...(stage === 'import' ? { confirm } : {}),
  });
}

const [first, ...others] = OFFERED_STAGES.map(({ stage, summary }) =>
  requestOf(stage).extend({ stage: z.literal(stage).describe(summary) }),
);

/** `POST start` */
export const startRequestSchema = z.discriminatedUnion(
  'stage',
  // There is one stage at least.
  [first as NonNullable<typeof first>, ...others],
) as unknown as z.ZodType<StageRequest>;

/** `POST dry-run` */
export const dryRunRequestSchema = requestOf('import') as unknown as z.ZodType<
  Omit<StageRequest, 'stage'>
>;

/** `POST validate` */
export const validateRequestSchema = requestOf('verify') as unknown as z.ZodType<
  Omit<StageRequest, 'stage'>
>;

/** `POST :id/resume`; only an import has to be confirmed */
export const resumeRequestSchema = z.strictObject({ confirm });

/** `POST :id/stop` */
export const stopRequestSchema = z.strictObject({
  confirm: z.string().max(MAX_NAME).optional().describe('required: the name of the run'),
});

/** `POST :id/rollback` */
export const rollbackRequestSchema = z.strictObject({
  confirm,
  force: z
    .boolean()
    .optional()
    .describe('also where rows changed since, which then stay; as --force of the script'),
});
