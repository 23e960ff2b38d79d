import {
  ToolkitError,
  describeError,
  type ErrorDescription,
} from '../../scripts/lib/model/errors.ts';

/** What the toolkit says of work that must fail; anything but an error of its own is thrown on. */
export async function errorOf(work: () => Promise<unknown>): Promise<ErrorDescription> {
  try {
    await work();
  } catch (error) {
    if (error instanceof ToolkitError) return describeError(error);
    throw error;
  }
  throw new Error('the work did not fail');
}
