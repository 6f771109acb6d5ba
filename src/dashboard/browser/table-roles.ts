const roles = [
  ["table", "table"],
  ["thead, tbody, tfoot", "rowgroup"],
  ["tr", "row"],
  ["td", "cell"],
  ["thead th", "columnheader"],
  ["tbody th", "rowheader"],
] as const;

/**
 * Says of the elements of tables what they are, once more: a style that makes cards of rows on a phone takes that away
 * in Safari. Here and not in the page, where it would be a tenth of a long list.
 */
export function tableRoles(page: Document): void {
  for (const [selector, role] of roles) {
    for (const element of page.querySelectorAll(selector)) element.setAttribute("role", role);
  }
}
