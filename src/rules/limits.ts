/** Lines in one batch: the same limit as in ImageKit's dashboard (documented). */
export const maximumLines = 100;

/** Lines and targets in one plan. */
export const maximumPlanLines = 1_000;
export const maximumPlanTargets = 10_000;

/** Purges that one batch may make: images make several each. */
export const maximumPurges = 100;

/** Bytes of a URL in canonical form. ImageKit documents no limit; this is our own. */
export const maximumUrlBytes = 4_096;

/** A send may be scheduled at most this far ahead: a later one could not be counted against a month that is known. */
export const farthestSendMs = 31 * 86_400_000;

/** Characters of a folder that a request allows to be cleared whole. */
export const maximumFolderCharacters = 1_000;

/** Of a path transformation in a profile. */
export const maximumTransformationCharacters = 200;
