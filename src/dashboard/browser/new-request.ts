/** Verdicts while one types, on the page and in the dialog. */
export function newRequest(_root: Document): void {}
