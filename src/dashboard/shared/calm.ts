/**
 * Seconds between two refreshes of a page on which nothing is in progress, for what is new. The script waits longer and
 * longer while nothing changes: a refresh of the list costs some 30 Redis commands.
 */
export const calmSeconds = 120;
