/** Lines in one batch: the same limit as in ImageKit's dashboard (documented). */
export const maximumLines = 100;

/** Bytes of a URL in canonical form. ImageKit documents no limit; this is our own. */
export const maximumUrlBytes = 4_096;
