/** Lines in one batch: as many as ImageKit's dashboard takes (documented). */
export const maximumLines = 100;

/** Bytes of a URL in canonical form. ImageKit documents no limit; this one is ours. */
export const maximumUrlBytes = 4_096;
