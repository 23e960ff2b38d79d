/**
 * What `verify` checks of an artifact, as a number: raised whenever it checks something more, so that
 * what an earlier version found is not taken for what this one would.
 */
export const CHECKS_VERSION = 1;
