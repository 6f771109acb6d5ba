/** Keeps what is open up to date. */
export function refresh(_root: Document): void {}
