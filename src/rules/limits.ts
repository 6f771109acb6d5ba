/** Lines in one batch: the same limit as in ImageKit's dashboard (documented). */
export const maximumLines = 100;

/** Lines and targets in one plan. */
export const maximumPlanLines = 1_000;
export const maximumPlanTargets = 10_000;

/** Purges that one batch may make: images make several each. */
export const maximumPurges = 100;

/** Bytes of a URL in canonical form. ImageKit documents no limit; this is our own. */
export const maximumUrlBytes = 4_096;

/** Characters of a folder that a request allows to be cleared whole. */
export const maximumFolderCharacters = 1_000;
